"""The text layer of a PDF. Read fonts, content, pages in this order.

pyHanko finds the objects of the file and unpacks them, within limits; what their text says is read
here, as ISO 32000-1 § 9 has it. Files come from anybody: only `beside` imports this, in a process
of its own that may be ended.
"""
