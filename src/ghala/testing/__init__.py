"""What stands above the program: the example organisation, and what tests and documentation need to run it.

Main path: `demo` makes and plays an organisation, `guide` executes the code blocks of a page of documentation.
Not here: anything that the program itself imports.
"""
