"""Forms of the desk."""

from guidance.casework.forms.client import ClientForm, ClientSearchForm
from guidance.casework.forms.session import GuidanceSessionForm, SessionFilterForm

__all__ = ["ClientForm", "ClientSearchForm", "GuidanceSessionForm", "SessionFilterForm"]
