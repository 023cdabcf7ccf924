from django import template

from community.days import day_in_words

register = template.Library()
register.filter("in_words", day_in_words, expects_localtime=True)
