"""Forms of this room, one file for each thing that is filled in."""

from mingtang.catalogue.forms.application import application_form

__all__ = ["application_form"]
