from workflows.caravan.pages import CaravanPage, GoodPracticePage
from workflows.caravan.settings import CaravanSettings

from .blanks import BlankFile, BlankKit
from .chronicles import Chronicle, Photograph
from .kits import KitFile, KitOrder, KitPart, Tool, ToolVersion
from .practices import Adaptation, GoodPractice, PracticeSheet
from .stops import (
    Field,
    Form,
    Offer,
    OfferQuerySet,
    Pairing,
    PossibleDate,
    Side,
    Stop,
    StopAppointment,
    StopEvaluation,
    StopFile,
    StopFileQuerySet,
    StopProcess,
    StopQuerySet,
)

__all__ = [
    "Adaptation",
    "BlankFile",
    "BlankKit",
    "CaravanPage",
    "CaravanSettings",
    "Chronicle",
    "Field",
    "Form",
    "GoodPractice",
    "GoodPracticePage",
    "KitFile",
    "KitOrder",
    "KitPart",
    "Offer",
    "OfferQuerySet",
    "Pairing",
    "Photograph",
    "PossibleDate",
    "PracticeSheet",
    "Side",
    "Stop",
    "StopAppointment",
    "StopEvaluation",
    "StopFile",
    "StopFileQuerySet",
    "StopProcess",
    "StopQuerySet",
    "Tool",
    "ToolVersion",
]
