from workflows.caravan.pages import CaravanPage, GoodPracticePage
from workflows.caravan.settings import CaravanSettings

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
    StopProcess,
    StopQuerySet,
)

__all__ = [
    "Adaptation",
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
    "StopProcess",
    "StopQuerySet",
    "Tool",
    "ToolVersion",
]
