"""The map of the province from the borders of es-atlas: needed again only when a
municipality is made, joined or moved."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.bodies import read_rows
from workflows.caravan.map.drawing import Broken, draw
from workflows.caravan.map.geometry import DATA, MAP


class Command(BaseCommand):
    help = (
        "Draw the map of the municipalities in municipis.csv, of municipalities.json "
        "of the npm package es-atlas."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", type=Path, default=MAP)

    def handle(self, *, file: Path, to: Path, **options: Any) -> None:
        rows = read_rows((DATA / "municipis.csv").read_bytes())
        try:
            drawn = draw(
                json.loads(file.read_bytes()),
                {row.cells["code"]: row.cells["comarca"] for row in rows},
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (ValueError, Broken) as error:
            raise CommandError(f"{file}: {error}") from error
        text = json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))
        # A line for each municipality: what changes can be read.
        to.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
        self.stdout.write(f"{to}: {len(drawn['towns'])} municipalities.")
