"""The whole catalogue as a spreadsheet, out and in: a sheet for each kind of thing."""
