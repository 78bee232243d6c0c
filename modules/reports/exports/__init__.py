"""Tables as files. The same columns and rows as on the screen, drawn in four ways.

Writers take a `modules.reports.tables.Table`; `door.export_response` hands a file to a person, and
`door.write_table` makes one on the console.
"""
