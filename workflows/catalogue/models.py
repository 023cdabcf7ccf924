from .pages import CatalogueIndexPage, ResourcePage
from .records import (
    Area,
    Criterion,
    Edition,
    InForce,
    Instrument,
    Question,
    Resource,
)
from .report_files import Report

__all__ = [
    "Area",
    "CatalogueIndexPage",
    "Criterion",
    "Edition",
    "InForce",
    "Instrument",
    "Question",
    "Report",
    "Resource",
    "ResourcePage",
]
