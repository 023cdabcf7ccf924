"""Dates in words, and how to address people, for pages and mails.

{{ session.starts|long_date }}          dijous 26 de novembre de 2026
{{ session.starts|time_range:session.ends }}          de 10 a 11 h
"""

from django import template

from events import wording

register = template.Library()

register.filter("weekday", wording.weekday)
register.filter("day", wording.day)
register.filter("short_date", wording.short_date)
register.filter("long_date", wording.long_date)
register.filter("hour", wording.hour)
register.filter("time_range", wording.time_range)
register.filter("moment", wording.moment)
register.filter("span", wording.span)
register.filter("zone_name", wording.zone_name)
register.filter("plate", wording.plate)
register.filter("given_name", wording.given_name)
register.filter("full_name", wording.full_name)
