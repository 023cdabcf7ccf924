"""The search of the whole site: one list of everything that anybody may read.

What can be found is kept by Wagtail's index, one entry for each page and session;
whether it may be found is asked of its own row each time, so that what is taken away is
gone at once.
"""
