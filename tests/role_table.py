"""Who may open which address of the staff: read it as a document.

The columns are the roles of docs/operations.md. *mine* is a case worker of the unit
that owns what is asked for, *other* one of another unit; the editor and the reader
belong to the unit, the coordinator and the administrator to none.

    in   led to sign in                    ok   opens
    no   refused: has no access at all     by   only by pressing a button (POST)
    hm   led to the first screen, and      go   led on to where it happens
         told that it needs a permission   !!   breaks on purpose
    --   not found: it is not theirs

A new address without a row fails the test that reads this. What begins with
`wagtail` is Wagtail's own and may have one row for its whole family: *ok* says that
the role is let in to something of it, *hm* that it is let in to nothing.
"""

ROLES = (
    "anonymous",  # not signed in
    "guest",  # signed in, not of the staff
    "editor",
    "mine",
    "other",
    "reader",
    "coordinator",
    "administrator",
)

#                                    anon gues edit mine othe read coor admi
OURS = """
admin/login/                          in   no   in   in   in   in   in   in
admin/test404/                        in   no   ok   ok   ok   ok   ok   ok
admin/^.*/$                           go   no   --   --   --   --   --   --
admin/reports/site-history/           in   no   hm   hm   hm   hm   ok   ok
admin/reports/site-history/results/   in   no   hm   hm   hm   hm   ok   ok
admin/account/                        in   no   ok   ok   ok   ok   ok   ok
editors_guide                         in   no   ok   ok   ok   ok   ok   ok
patterns                              in   no   ok   ok   ok   ok   ok   ok

sessions:index                        in   no   ok   ok   ok   ok   ok   ok
sessions:index_results                in   no   ok   ok   ok   ok   ok   ok
sessions:month                        in   no   ok   ok   ok   ok   ok   ok
sessions:add                          in   no   hm   ok   ok   hm   ok   hm
sessions:session                      in   no   ok   ok   --   ok   ok   ok
sessions:history                      in   no   ok   ok   --   ok   ok   ok
sessions:history_results              in   no   ok   ok   --   ok   ok   ok
sessions:edit                         in   no   hm   ok   --   hm   ok   hm
sessions:programme                    in   no   ok   ok   --   hm   ok   hm
sessions:announce                     in   no   hm   ok   --   hm   ok   hm
sessions:move                         in   no   hm   ok   --   hm   ok   hm
sessions:postpone                     in   no   hm   ok   --   hm   ok   hm
sessions:reschedule                   in   no   hm   ok   --   hm   ok   hm
sessions:places                       in   no   hm   ok   --   hm   ok   hm
sessions:reminders                    in   no   hm   ok   --   hm   ok   hm
sessions:write                        in   no   hm   ok   --   hm   ok   hm
sessions:duplicate                    in   no   hm   ok   --   hm   ok   hm
sessions:close                        in   no   hm   ok   --   hm   ok   hm
sessions:cancel                       in   no   hm   ok   --   hm   ok   hm
sessions:enter                        in   no   hm   go   --   go   go   hm
sessions:try_meeting                  in   no   hm   by   --   hm   by   hm

sessions:people                       in   no   hm   ok   --   ok   ok   hm
sessions:people_results               in   no   hm   ok   --   ok   ok   hm
sessions:people?export=csv            in   no   hm   ok   --   hm   ok   hm
sessions:people?export=xlsx           in   no   hm   ok   --   hm   ok   hm
sessions:print_people                 in   no   hm   ok   --   hm   ok   hm
sessions:add_person                   in   no   hm   ok   --   hm   ok   hm
sessions:registration                 in   no   hm   ok   --   ok   ok   hm
sessions:cancel_registration          in   no   hm   ok   --   hm   ok   hm
sessions:approve                      in   no   hm   ok   --   hm   ok   hm
sessions:decline                      in   no   hm   ok   --   hm   ok   hm
sessions:grant                        in   no   hm   ok   --   hm   ok   hm
sessions:take_back                    in   no   hm   ok   --   hm   ok   hm
sessions:move_in_line                 in   no   hm   ok   --   hm   ok   hm
sessions:substitute                   in   no   hm   ok   --   hm   ok   hm
sessions:merge                        in   no   hm   ok   --   hm   ok   hm
sessions:correct                      in   no   hm   ok   --   hm   ok   hm
sessions:renew_links                  in   no   hm   ok   --   hm   ok   hm
sessions:settle_answer                in   no   hm   by   --   hm   by   hm

series:index                          in   no   hm   hm   hm   hm   ok   ok
series:index_results                  in   no   hm   hm   hm   hm   ok   ok
series:add                            in   no   hm   hm   hm   hm   ok   ok
series:edit                           in   no   hm   hm   hm   hm   ok   ok
series:delete                         in   no   hm   hm   --   hm   hm   hm
series:history                        in   no   hm   hm   hm   hm   ok   ok
series:history_results                in   no   hm   hm   hm   hm   ok   ok
series:usage                          in   no   hm   hm   hm   hm   ok   ok

messages:index                        in   no   hm   ok   ok   ok   ok   ok
messages:index_results                in   no   hm   ok   ok   ok   ok   ok
messages:held                         in   no   hm   ok   ok   hm   ok   hm
messages:without                      in   no   hm   ok   ok   ok   ok   ok
messages:without_results              in   no   hm   ok   ok   ok   ok   ok
messages:lift                         in   no   --   ok   --   hm   ok   ok
messages:message                      in   no   --   ok   --   ok   ok   --
messages:send_again                   in   no   --   by   --   hm   by   --
messages:put_aside                    in   no   --   by   --   hm   by   --

decisions:index                       in   no   hm   hm   hm   hm   ok   hm
appointments:arrange                  in   no   hm   ok   --   hm   ok   hm
appointments:move                     in   no   hm   ok   --   hm   ok   hm
appointments:cancel                   in   no   hm   ok   --   hm   ok   hm
appointments:settle                   in   no   hm   by   --   hm   by   hm
stops:replace                         in   no   hm   ok   --   hm   ok   hm
planner:index                         in   no   hm   ok   ok   ok   ok   hm
planner:plan                          in   no   hm   by   by   hm   by   hm
planner:take_out                      in   no   hm   ok   --   hm   ok   hm
proposal_comments:index               in   no   hm   ok   ok   hm   ok   hm
proposal_comments:comment             in   no   hm   ok   --   hm   ok   hm
figures:index                         in   no   hm   ok   ok   ok   ok   ok
proposal_figures:index                in   no   hm   ok   ok   ok   ok   ok
proposal_figures:index?export=xlsx    in   no   hm   ok   ok   hm   ok   hm
figures:index?export=csv              in   no   hm   ok   ok   hm   ok   hm
figures:index?export=xlsx             in   no   hm   ok   ok   hm   ok   hm
cases:index                           in   no   hm   ok   ok   ok   ok   hm
cases:index_results                   in   no   hm   ok   ok   ok   ok   hm
cases:queue                           in   no   hm   ok   ok   ok   ok   hm
cases:queue_results                   in   no   hm   ok   ok   ok   ok   hm
cases:all                             in   no   hm   ok   ok   ok   ok   hm
cases:all_results                     in   no   hm   ok   ok   ok   ok   hm
cases:all?export=csv                  in   no   hm   ok   ok   hm   ok   hm
cases:all?export=xlsx                 in   no   hm   ok   ok   hm   ok   hm
cases:archive                         in   no   hm   ok   ok   ok   ok   hm
cases:archive_results                 in   no   hm   ok   ok   ok   ok   hm
cases:problems                        in   no   hm   ok   ok   ok   ok   hm
cases:problems_results                in   no   hm   ok   ok   ok   ok   hm
cases:wordings                        in   no   hm   ok   ok   ok   ok   hm
cases:wordings_results                in   no   hm   ok   ok   ok   ok   hm
cases:wording                         in   no   hm   ok   ok   ok   ok   hm
cases:change_wording                  in   no   hm   hm   hm   hm   by   hm
cases:switch_wording                  in   no   hm   hm   hm   hm   by   hm
cases:case                            in   no   hm   ok   --   ok   ok   hm
cases:diagram                         in   no   hm   ok   --   ok   ok   hm
cases:note                            in   no   hm   by   --   hm   by   hm
cases:send                            in   no   hm   ok   --   hm   ok   hm
cases:file                            in   no   hm   ok   --   ok   ok   hm
cases:close                           in   no   hm   ok   --   hm   ok   hm
cases:extend                          in   no   hm   ok   --   hm   ok   hm
cases:correct                         in   no   hm   ok   --   hm   ok   hm
cases:step                            in   no   hm   ok   --   hm   ok   hm
cases:claim                           in   no   hm   by   --   hm   by   hm
cases:return                          in   no   hm   by   --   hm   by   hm
cases:hand_over                       in   no   hm   ok   --   hm   ok   hm
cases:take_over                       in   no   hm   by   --   hm   by   hm
cases:undo                            in   no   --   ok   --   --   --   --
cases:try_again                       in   no   hm   by   --   hm   by   hm

retention:index                       in   no   hm   hm   hm   hm   ok   ok
retention:index_results               in   no   hm   hm   hm   hm   ok   ok
disclosures:index                     in   no   hm   hm   hm   hm   ok   ok
disclosures:index_results             in   no   hm   hm   hm   hm   ok   ok

reviews:index                         in   no   ok   ok   ok   hm   ok   hm
reviews:index_results                 in   no   ok   ok   ok   hm   ok   hm
reviews:confirm                       in   no   by   by   by   hm   by   hm

localbody:index                       in   no   hm   hm   hm   hm   ok   ok
localbody:index_results               in   no   hm   hm   hm   hm   ok   ok
localbody:add                         in   no   hm   hm   hm   hm   ok   ok
localbody:edit                        in   no   hm   hm   hm   hm   ok   ok
localbody:delete                      in   no   hm   hm   hm   hm   hm   hm
localbody:history                     in   no   hm   hm   hm   hm   ok   ok
localbody:history_results             in   no   hm   hm   hm   hm   ok   ok
localbody:usage                       in   no   hm   hm   hm   hm   ok   ok

holiday:index                         in   no   hm   hm   hm   hm   ok   ok
holiday:index_results                 in   no   hm   hm   hm   hm   ok   ok
holiday:index?export=csv              in   no   hm   hm   hm   hm   ok   ok
holiday:add                           in   no   hm   hm   hm   hm   ok   ok
holiday:edit                          in   no   hm   hm   hm   hm   ok   ok
holiday:delete                        in   no   hm   hm   hm   hm   ok   ok
holiday:history                       in   no   hm   hm   hm   hm   ok   ok
holiday:history_results               in   no   hm   hm   hm   hm   ok   ok
holiday:usage                         in   no   hm   hm   hm   hm   ok   ok
holiday:import                        in   no   hm   hm   hm   hm   ok   ok
holiday:usual_csv                     in   no   hm   hm   hm   hm   ok   ok

unit:index                            in   no   hm   hm   hm   hm   hm   ok
unit:index_results                    in   no   hm   hm   hm   hm   hm   ok
unit:add                              in   no   hm   hm   hm   hm   hm   ok
unit:edit                             in   no   hm   hm   hm   hm   hm   ok
unit:delete                           in   no   hm   hm   hm   hm   hm   hm
unit:history                          in   no   hm   hm   hm   hm   hm   ok
unit:history_results                  in   no   hm   hm   hm   hm   hm   ok
unit:usage                            in   no   hm   hm   hm   hm   hm   ok

topic:index                           in   no   hm   hm   hm   hm   ok   ok
topic:index_results                   in   no   hm   hm   hm   hm   ok   ok
topic:add                             in   no   hm   hm   hm   hm   ok   ok
topic:edit                            in   no   hm   hm   hm   hm   ok   ok
topic:delete                          in   no   hm   hm   hm   hm   hm   hm
topic:history                         in   no   hm   hm   hm   hm   ok   ok
topic:history_results                 in   no   hm   hm   hm   hm   ok   ok
topic:usage                           in   no   hm   hm   hm   hm   ok   ok

articles:index                        in   no   ok   ok   ok   hm   ok   hm
articles:index_results                in   no   ok   ok   ok   hm   ok   hm
articles:choose_parent                in   no   ok   ok   ok   ok   ok   ok

memberships:index                     in   no   hm   ok   ok   ok   ok   ok
memberships:index_results             in   no   hm   ok   ok   ok   ok   ok
memberships:index?export=csv          in   no   hm   hm   hm   hm   ok   hm
memberships:index?export=xlsx         in   no   hm   hm   hm   hm   ok   hm
memberships:body                      in   no   hm   ok   ok   ok   ok   ok
memberships:add_domain                in   no   hm   hm   hm   hm   by   by
memberships:remove_domain             in   no   hm   hm   hm   hm   ok   ok
memberships:role                      in   no   hm   hm   hm   hm   ok   ok
memberships:end                       in   no   hm   hm   hm   hm   ok   ok
memberships:merge                     in   no   hm   hm   hm   hm   ok   ok
memberships:import                    in   no   hm   hm   hm   hm   ok   ok

goodpractice:index                    in   no   ok   ok   ok   ok   ok   ok
goodpractice:index_results            in   no   ok   ok   ok   ok   ok   ok
goodpractice:inspect                  in   no   ok   ok   ok   ok   ok   ok
goodpractice:add                      in   no   hm   hm   hm   hm   hm   hm
goodpractice:edit                     in   no   ok   hm   hm   hm   ok   hm
goodpractice:delete                   in   no   hm   hm   hm   hm   hm   hm
goodpractice:history                  in   no   ok   hm   hm   hm   ok   hm
goodpractice:history_results          in   no   ok   hm   hm   hm   ok   hm
goodpractice:usage                    in   no   ok   hm   hm   hm   ok   hm
adaptations:index                     in   no   ok   ok   ok   hm   ok   hm
adaptations:index_results             in   no   ok   ok   ok   hm   ok   hm
adaptations:index?export=csv          in   no   ok   ok   ok   hm   ok   hm
adaptations:inspect                   in   no   ok   ok   ok   hm   ok   hm
adaptations:add                       in   no   hm   hm   hm   hm   hm   hm
adaptations:edit                      in   no   hm   hm   hm   hm   hm   hm
adaptations:delete                    in   no   hm   hm   hm   hm   hm   hm
adaptations:history                   in   no   hm   hm   hm   hm   hm   hm
adaptations:history_results           in   no   hm   hm   hm   hm   hm   hm
adaptations:usage                     in   no   hm   hm   hm   hm   hm   hm
stop_evaluations:index                in   no   hm   ok   ok   hm   ok   hm
stop_evaluations:index_results        in   no   hm   ok   ok   hm   ok   hm
stop_evaluations:index?export=csv     in   no   hm   ok   ok   hm   ok   hm
stop_evaluations:inspect              in   no   hm   ok   ok   hm   ok   hm
stop_evaluations:add                  in   no   hm   hm   hm   hm   hm   hm
stop_evaluations:edit                 in   no   hm   hm   hm   hm   hm   hm
stop_evaluations:delete               in   no   hm   hm   hm   hm   hm   hm
stop_evaluations:history              in   no   hm   hm   hm   hm   hm   hm
stop_evaluations:history_results      in   no   hm   hm   hm   hm   hm   hm
stop_evaluations:usage                in   no   hm   hm   hm   hm   hm   hm

resource:index                        in   no   ok   ok   ok   ok   ok   ok
resource:index_results                in   no   ok   ok   ok   ok   ok   ok
resource:inspect                      in   no   ok   ok   ok   ok   ok   ok
resource:add                          in   no   ok   hm   hm   hm   ok   hm
resource:edit                         in   no   ok   hm   hm   hm   ok   hm
resource:delete                       in   no   ok   hm   hm   hm   ok   hm
resource:history                      in   no   ok   hm   hm   hm   ok   hm
resource:history_results              in   no   ok   hm   hm   hm   ok   hm
resource:usage                        in   no   ok   hm   hm   hm   ok   hm
resource:import                       in   no   ok   hm   hm   hm   ok   hm
resource:export                       in   no   ok   hm   hm   hm   ok   hm
resource:export?format=xlsx           in   no   ok   hm   hm   hm   ok   hm
resource:report                       in   no   ok   hm   hm   hm   ok   hm
resource:report_file                  in   no   ok   hm   hm   hm   --   hm
resource:preview                      in   no   ok   ok   ok   ok   ok   ok

edition:index                         in   no   ok   ok   ok   ok   ok   ok
edition:index_results                 in   no   ok   ok   ok   ok   ok   ok
edition:inspect                       in   no   ok   ok   ok   ok   ok   ok
edition:add                           in   no   ok   hm   hm   hm   ok   hm
edition:edit                          in   no   ok   hm   hm   hm   ok   hm
edition:delete                        in   no   ok   hm   hm   hm   ok   hm
edition:history                       in   no   ok   hm   hm   hm   ok   hm
edition:history_results               in   no   ok   hm   hm   hm   ok   hm
edition:usage                         in   no   ok   hm   hm   hm   ok   hm
edition:copy                          in   no   ok   hm   hm   hm   ok   hm
edition:windows                       in   no   ok   hm   hm   hm   ok   hm

area:index                            in   no   ok   ok   ok   ok   ok   ok
area:index_results                    in   no   ok   ok   ok   ok   ok   ok
area:add                              in   no   ok   hm   hm   hm   ok   hm
area:edit                             in   no   ok   hm   hm   hm   ok   hm
area:delete                           in   no   ok   hm   hm   hm   ok   hm
area:history                          in   no   ok   hm   hm   hm   ok   hm
area:history_results                  in   no   ok   hm   hm   hm   ok   hm
area:usage                            in   no   ok   hm   hm   hm   ok   hm

instrument:index                      in   no   ok   ok   ok   ok   ok   ok
instrument:index_results              in   no   ok   ok   ok   ok   ok   ok
instrument:add                        in   no   ok   hm   hm   hm   ok   hm
instrument:edit                       in   no   ok   hm   hm   hm   ok   hm
instrument:delete                     in   no   ok   hm   hm   hm   ok   hm
instrument:history                    in   no   ok   hm   hm   hm   ok   hm
instrument:history_results            in   no   ok   hm   hm   hm   ok   hm
instrument:usage                      in   no   ok   hm   hm   hm   ok   hm
tool:index                            in   no   ok   ok   ok   ok   ok   ok
tool:index_results                    in   no   ok   ok   ok   ok   ok   ok
tool:add                              in   no   ok   hm   hm   hm   ok   hm
tool:edit                             in   no   ok   hm   hm   hm   ok   hm
tool:delete                           in   no   ok   hm   hm   hm   ok   hm
tool:history                          in   no   ok   hm   hm   hm   ok   hm
tool:history_results                  in   no   ok   hm   hm   hm   ok   hm
tool:usage                            in   no   ok   hm   hm   hm   ok   hm
tool:version                          in   no   ok   ok   ok   ok   ok   ok

inforce:index                         in   no   ok   ok   ok   ok   ok   ok
inforce:index_results                 in   no   ok   ok   ok   ok   ok   ok
inforce:add                           in   no   ok   hm   hm   hm   ok   hm
inforce:edit                          in   no   ok   hm   hm   hm   ok   hm
inforce:delete                        in   no   ok   hm   hm   hm   ok   hm
inforce:history                       in   no   ok   hm   hm   hm   ok   hm
inforce:history_results               in   no   ok   hm   hm   hm   ok   hm
inforce:usage                         in   no   ok   hm   hm   hm   ok   hm

cover:index                           in   no   hm   ok   ok   hm   ok   ok
cover:index_results                   in   no   hm   ok   ok   hm   ok   ok
cover:add                             in   no   hm   ok   ok   hm   ok   ok
cover:cover                           in   no   hm   ok   --   hm   ok   ok
cover:end                             in   no   hm   ok   --   hm   ok   ok
cover:history                         in   no   hm   ok   --   hm   ok   ok
cover:history_results                 in   no   hm   ok   --   hm   ok   ok

wagtailusers_users:index              in   no   hm   hm   hm   hm   hm   ok
wagtailusers_users:index_results      in   no   hm   hm   hm   hm   hm   ok
wagtailusers_users:add                in   no   hm   hm   hm   hm   hm   ok
wagtailusers_users:edit               in   no   hm   hm   hm   hm   hm   ok
wagtailusers_users:delete             in   no   hm   hm   hm   hm   hm   hm
wagtailusers_users:history            in   no   hm   hm   hm   hm   hm   ok
wagtailusers_users:history_results    in   no   hm   hm   hm   hm   hm   ok
wagtailusers_users:usage              in   no   hm   hm   hm   hm   hm   ok
"""

#                                    anon gues edit mine othe read coor admi
WAGTAILS = """
wagtailadmin_home                     in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_login                    in   no   in   in   in   in   in   in
wagtailadmin_logout                   in   no   by   by   by   by   by   by
wagtailadmin_account                  in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_password_reset*          --   no   --   --   --   --   --   --
wagtailadmin_dismissibles             in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_sprite                   ok   no   ok   ok   ok   ok   ok   ok
wagtailadmin_javascript_catalog       ok   no   ok   ok   ok   ok   ok   ok
wagtailadmin_error_test               in   no   !!   !!   !!   !!   !!   !!

wagtailadmin_explore*                 in   no   ok   ok   ok   hm   ok   hm
wagtailadmin_pages:*                  in   no   ok   ok   ok   hm   ok   hm
wagtailadmin_pages:choose_parent      in   no   go   go   go   ok   go   ok
wagtailadmin_pages:move_confirm       in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_pages:confirm_workflow*  in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_api:*                    in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_choose_page*             in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_tag_*                    in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_block_preview            in   no   --   --   --   --   --   --
wagtailadmin_editing_sessions:*       in   no   by   by   by   by   by   by
wagtail_bulk_action                   in   no   hm   hm   hm   hm   hm   --
wagtailadmin_workflows:*              in   no   hm   hm   hm   hm   hm   ok
wagtailadmin_workflows:task_cho*      in   no   ok   ok   ok   ok   ok   ok
wagtailadmin_reports:*                in   no   ok   ok   ok   hm   ok   hm
wagtailadmin_reports:site_history*    in   no   hm   hm   hm   hm   ok   ok
wagtailadmin_collections:*            in   no   hm   hm   hm   hm   hm   ok
wagtailforms:*                        in   no   ok   ok   ok   hm   ok   hm
wagtailembeds:*                       in   no   ok   ok   ok   ok   ok   ok
wagtailsnippets:*                     in   no   hm   hm   hm   hm   hm   hm
wagtailsnippets_cms_alert:*           in   no   ok   hm   hm   hm   ok   ok
wagtailsnippets_cms_author:*          in   no   ok   hm   hm   hm   ok   hm
wagtailsnippetchoosers_*              in   no   ok   ok   ok   ok   ok   ok
wagtaildocs:*                         in   no   ok   ok   ok   hm   ok   hm
wagtaildocs_chooser:*                 in   no   ok   ok   ok   ok   ok   ok
wagtailimages:*                       in   no   ok   ok   ok   hm   ok   hm
wagtailimages_chooser:*               in   no   ok   ok   ok   ok   ok   ok
wagtail_localize:*                    in   no   ok   hm   hm   hm   hm   hm
wagtail_localize:javascript_catalog   in   no   ok   ok   ok   ok   ok   ok
wagtail_localize:translations_report* in   no   ok   ok   ok   ok   ok   ok

wagtailsites:*                        in   no   hm   hm   hm   hm   hm   ok
wagtailredirects:*                    in   no   ok   hm   hm   hm   ok   ok
wagtailsearchpromotions:*             in   no   ok   hm   hm   hm   ok   hm
wagtailsearchpromotions:chooser*      in   no   ok   ok   ok   ok   ok   ok
wagtailsearchpromotions:search_terms* in   no   hm   hm   hm   hm   hm   hm
wagtailsettings:*                     in   no   ok   hm   hm   hm   ok   ok
wagtailusers_groups:*                 in   no   hm   hm   hm   hm   hm   ok
wagtaillocales:*                      in   no   hm   hm   hm   hm   hm   ok
"""

# Whatever is not under /admin/: for everybody, with or without an account.
OPEN = """
root session session_here scheme webhook wagtail_serve
series_feed session_ics feed articles_feed search search_suggestions
register register_group registered follow following
join enter meeting_here my_registration cancel_registration correct_registration not_me
accept_offer ask_again ask_colleague substitution
my_data my_data_*
my_registrations my_calendar personal_feed
account_* wagtailcore_login
ask asked my_case withdraw_case send_to_case case_file
propose proposed proposals proposals_* proposal support_proposal
comment_proposal remove_comment add_to_proposal mute_proposal early_place
my_bodies act_for_body my_body body_sessions body_cases body_publicity body_people
public_body public_bodies invite_colleague withdraw_invitation change_role
end_membership decide_membership membership_invitation
caravan_* practice_sheet
begin_request body_requests write_request add_document request_document
request_summary discard_request
body_request send_to_request give_up_request body_request_file
add_to_amendment body_appointment
resource
wagtailcore_authenticate_with_password wagtaildocs_authenticate_with_password
wagtaildocs_serve media/*
mailbox mailbox_mail mailbox_part
security_txt robots_txt sitemap
"""
