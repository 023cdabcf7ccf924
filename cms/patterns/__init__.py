"""Every component of the site on one page, for who writes templates or makes a brand:
made of the templates that the pages are made of, in each of their states."""
