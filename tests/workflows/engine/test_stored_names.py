"""Names that rows hold: none goes while a database may have it."""

from viewflow.workflow.fields import get_flow_ref, get_task_ref

from workflows.engine import kinds, letters

STORED = {
    "membership": {
        "membership/flows.MembershipFlow": {"asked", "decide", "done"},
    },
    "registration": {
        "organising/deciding.flows.DecisionFlow": {
            "opened",
            "why",
            "approve",
            "let_in",
            "reach",
            "decided",
        },
    },
    "consultation": {
        "consultation/flows.ConsultationFlow": {
            "asked",
            "received",
            "receipt",
            "receipted",
            "sort",
            "answer",
            "decided",
            "reply",
            "came",
            "opinion",
            "done",
            "lapsed",
        },
    },
    "proposal": {
        "proposals/flows.ProposalFlow": {
            "proposed",
            "received",
            "receipt",
            "receipted",
            "moderate",
            "moderated",
            "amend",
            "amended",
            "choose",
            "chosen",
            "plan",
            "planned",
            "answer",
            "answered",
            "done",
            "lapsed",
        },
    },
    "request": {
        "requesting/flows.RequestFlow": {
            "submitted",
            "received",
            "receipt",
            "receipted",
            "check",
            "checked",
            "amend",
            "amended",
            "lapsed",
            "valued",
            "value",
            "decide",
            "prepared",
            "release",
            "released",
            "denied",
            "execution",
            "done",
        },
    },
    "stop": {
        "caravan/flows.StopFlow": {
            "submitted",
            "received",
            "receipt",
            "receipted",
            "review",
            "reviewed",
            "declined",
            "amend",
            "amended",
            "lapsed",
            "match",
            "asked",
            "answered",
            "dates",
            "dated",
            "visit",
            "visited",
            "chronicle",
            "written",
            "validate",
            "validated",
            "draft",
            "publish",
            "evaluate",
            "published",
        },
    },
}
MAILS = {
    "case_cancelled",
    "case_withdrawn",
    "case_extended",
    "case_sent",
    "consultation_received",
    "consultation_asked_back",
    "consultation_answer",
    "consultation_lapsed",
    "membership_asked",
    "membership_granted",
    "membership_refused",
    "proposal_received",
    "proposal_published",
    "proposal_to_amend",
    "proposal_lapsed",
    "proposal_merged",
    "proposal_shortlisted",
    "proposal_planned",
    "proposal_held",
    "proposal_answer",
    "proposal_declined",
    "request_received",
    "request_to_amend",
    "request_amended",
    "request_lapsed",
    "request_granted",
    "request_denied",
    "request_renounced",
    "request_finished",
    "stop_received",
    "stop_to_amend",
    "stop_amended",
    "stop_lapsed",
    "stop_accepted",
    "stop_declined",
    "stop_asked",
    "stop_paired",
    "stop_comes",
    "stop_unpaired",
    "stop_relieved",
    "stop_to_date",
    "stop_soon",
    "stop_waits",
    "stop_held",
    "stop_to_validate",
    "stop_to_change",
    "stop_published",
    "stop_to_evaluate",
    "stop_refused",
    "stop_off",
}


def test_every_name_of_a_flow_that_a_row_may_hold_is_still_there():
    for kind in kinds.known():
        flows = {get_flow_ref(flow): flow for flow in kind.flows}
        stored = STORED[kind.name]
        assert set(flows) == set(stored), "a flow that is new belongs in the list"
        for name, nodes in stored.items():
            assert {node.name for node in flows[name].instance.nodes()} == nodes
            refs = {get_task_ref(node) for node in flows[name].instance.nodes()}
            assert refs == {f"{name}.{node}" for node in nodes}


def test_every_kind_of_mail_that_a_row_may_hold_is_still_there():
    assert set(letters.names()) >= MAILS
