"""What is remembered so that a page need not be made anew for each reader: whole pages
and parts of pages, what makes them be forgotten, and where they are kept."""
