"""Folders of definitions read into the model, with file, line and column of every value.

Main path: `load.load_workspace` (one value or all errors at once) and `lint.lint_workspace` (every
finding). `yaml` turns bytes into nodes with places, `schema` and `fields` check their shape, one
file per format (`odcs`, `odps`, `pipeline`, `domain`, `settings_file`) makes the model's nouns, and
`cross` looks at what only several files together can get wrong.
Not here: whether a source's options make sense (`ingest`) or a statement may run (`query`): both
are passed in.
"""
