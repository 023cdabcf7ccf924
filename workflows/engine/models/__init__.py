from .cases import Case, CaseQuerySet, Entry, LastNumber
from .deadlines import Deadline, DeadlineQuerySet, Suspension
from .files import File, FileQuerySet
from .holidays import Holiday, HolidayQuerySet
from .jobs import Job
from .wordings import Wording

__all__ = [
    "Case",
    "CaseQuerySet",
    "Deadline",
    "DeadlineQuerySet",
    "Entry",
    "File",
    "FileQuerySet",
    "Holiday",
    "HolidayQuerySet",
    "Job",
    "LastNumber",
    "Suspension",
    "Wording",
]
