from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def register_verbs(actions: LogActionRegistry) -> None:
    """What the verbs write into the history of a session or a registration."""
    for name, label, message in (
        ("announce", _("Announce"), _("Announced")),
        (
            "move",
            pgettext_lazy("to another day", "Move"),
            _("Moved, and everybody told"),
        ),
        ("cancel", _("Cancel"), _("Cancelled, and everybody told")),
        ("postpone", _("Postpone"), _("Postponed, and everybody told")),
        ("reschedule", _("Reschedule"), _("Given a new date, and everybody invited")),
        ("duplicate", _("Duplicate"), _("Made from another session")),
        ("close", _("Close"), _("Closed")),
        ("resize", _("Change the places"), _("Number of places changed")),
        ("arrange", _("Arrange"), _("Appointment arranged")),
        (
            "move_appointment",
            pgettext_lazy("to another day", "Move"),
            _("Appointment moved"),
        ),
        ("cancel_appointment", _("Cancel"), _("Appointment cancelled")),
        ("try_meeting", _("Try again"), _("Online meeting tried again")),
        ("remind", _("Remind"), _("Reminders turned on")),
        ("remind_not", _("Do not remind"), _("Reminders turned off")),
        ("write", _("Write to people"), _("Message written to people")),
        ("register", _("Register"), _("Registered by the organiser")),
        ("cancel_registration", _("Cancel"), _("Registration cancelled")),
        ("approve", _("Approve"), _("Registration approved")),
        ("grant", _("Give a place"), _("Given a place out of turn")),
        ("take_back", _("Take back the offer"), _("Offer taken back")),
        ("move_in_line", _("Move in the list"), _("Moved in the waiting list")),
        ("ask_substitute", _("Ask a colleague"), _("Asked a colleague to go instead")),
        ("refuse_substitute", _("Refuse"), _("The colleague cannot go")),
        ("expire_substitute", _("Expire"), _("The colleague has not answered in time")),
        ("withdraw_substitute", _("Take back"), _("Asks the colleague no more")),
        ("substitute", _("Go instead"), _("Goes instead of a colleague")),
        ("merge", _("Merge"), _("Merged with another registration")),
        ("correct", _("Correct"), _("Data corrected")),
        ("correct_address", _("Correct the address"), _("E-mail address corrected")),
        ("renew_links", _("Send new links"), _("New links sent, old ones shut")),
        ("take_answer", _("Believe an answer"), _("Answer of a calendar believed")),
        ("leave_answer", _("Leave an answer"), _("Answer of a calendar left aside")),
        ("list_people", _("Open the list"), _("List of people opened")),
        ("export_people", _("Export the list"), _("List of people taken out")),
        ("open_person", _("Open a person"), _("What a person wrote opened")),
        ("read_mail", _("Read a mail"), _("Mail to a person read")),
        ("list_mails", _("Open the mails"), _("List of mails opened")),
    ):
        actions.register_action(f"events.{name}", label, message)
