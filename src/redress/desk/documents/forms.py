"""What an officer says when they add files to a case."""

from __future__ import annotations

from django import forms

from redress.plumbing import filetype
from redress.plumbing.look.fields import ManyFilesField


class AddForm(forms.Form):
    """Files, and the point that they serve."""

    files = ManyFilesField(  # type: ignore[assignment]  # a field, not the files of a bound form
        label="Files",
        required=False,
        help_text=f"Up to {filetype.MAX_FILES} files of {filetype.MAX_FILE // filetype.MB} MB each.",
    )
    point = forms.ChoiceField(label="For which point?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: object, points: list[tuple[str, str]], **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["point"].choices = [("", "The whole case"), *points]  # type: ignore[attr-defined]
