"""Which questions does the form ask, in which order, and what is a good answer?

One thing on a page. A question that does not apply is not asked: nobody is asked about a council home where the council
has none, or about somebody else when they write for themselves.

Example: ``order({"who": {"who": "me"}}, housing=True)`` begins with ``("who", "home", "wrong")``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from redress.plumbing import filetype, text
from redress.plumbing.look.fields import ManyFilesField

Answers = Mapping[str, Any]
LONGEST = 50_000


class Words(forms.CharField):
    """A field for words: a NUL character is refused in words that one can act on; text may run either way."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST if rows else 200)
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)
        self.validators = [one for one in self.validators if type(one).__name__ != "ProhibitNullCharactersValidator"]
        self.widget.attrs.setdefault("dir", "auto")
        # The browser's own limit would cut what is pasted without a word.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> Any:
        """Refuse a NUL character; take out the other characters that can't be stored."""
        if isinstance(value, str):
            try:
                text.check_clean(value)
            except text.HasNul as fault:
                raise ValidationError(fault.sentence, code="nul") from fault
            value = text.clean(value).text
        return super().to_python(value)


class Question(forms.Form):
    """One page of the form. ``title`` is its heading, ``short`` its name on the page that checks the answers."""

    title: ClassVar[str] = ""
    short: ClassVar[str] = ""
    hint: ClassVar[str] = ""
    template: ClassVar[str] = "portal/question.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @classmethod
    def data_of(cls, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Give what was kept in the shape in which a browser would send it."""
        return dict(kept)

    def to_keep(self) -> dict[str, Any]:
        """Give the answers in the shape in which they are kept."""
        return dict(self.cleaned_data)

    def as_typed(self) -> dict[str, Any]:
        """Give what was typed, right or wrong, so that nothing is lost when somebody stops half-way."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }


class Who(Question):
    """For whom is it?"""

    title = "Who is this complaint for?"
    short = "Who it is for"
    who = forms.ChoiceField(
        label=title,
        widget=forms.RadioSelect,
        choices=[
            ("me", "Me, or my household"),
            ("other", "Somebody else, and I am writing for them"),
            ("group", "An organisation, a business or a group"),
        ],
        error_messages={"required": "Say who this complaint is for"},
    )
    choice_hints: ClassVar[dict[str, dict[str, str]]] = {
        "who": {"other": "A relative, a friend, a tenant, somebody you support or represent"}
    }


class Them(Question):
    """Who is the other person, and may we talk to you?"""

    title = "About the person you are writing for"
    short = "The person you are writing for"
    template = "portal/them.html"
    name = Words(
        label="Their full name", error_messages={"required": "Give the name of the person you are writing for"}
    )
    relation = Words(
        label="Who are you to them?",
        help_text="For example daughter, neighbour, support worker, councillor",
        error_messages={"required": "Say who you are to them"},
    )
    may_talk = forms.ChoiceField(
        label="May we talk to you about it?",
        widget=forms.RadioSelect,
        choices=[
            ("written", "Yes, they have agreed"),
            ("power-of-attorney", "Yes, I have power of attorney or a court order"),
            ("parental", "Yes, I am their parent or have parental responsibility"),
            ("elected", "Yes, I am their councillor or MP"),
            ("legal", "Yes, I am their solicitor or adviser"),
            ("ask", "I have not asked them, or I am not sure"),
        ],
        error_messages={"required": "Say whether we may talk to you about it"},
    )
    choice_hints: ClassVar[dict[str, dict[str, str]]] = {
        "may_talk": {
            "written": (
                "We will ask them to confirm it. A note with their signature is enough: "
                "you can add a photograph of it later on."
            ),
            "power-of-attorney": "You can add a photograph of the document later on, or bring it to us.",
            "ask": "You can still go on. We will ask them before we tell you anything about them.",
        }
    }
    email = forms.EmailField(label="Their email address", required=False, max_length=254)
    telephone = Words(label="Their telephone number", required=False, max_length=60)
    address = Words(label="Their address", rows=3, required=False, max_length=1_000)


class Home(Question):
    """Is it about a home that the council lets?"""

    title = "Is it about a home that you rent or lease from us?"
    short = "About your council home"
    hint = "Complaints about a council home go by a procedure of their own, with another Ombudsman."
    home = forms.ChoiceField(
        label=title,
        widget=forms.RadioSelect,
        choices=[
            ("no", "No"),
            ("yes", "Yes, as a tenant or leaseholder of the council"),
            ("unsure", "I am not sure"),
        ],
        error_messages={"required": "Choose an answer. “I am not sure” is fine"},
    )
    choice_hints: ClassVar[dict[str, dict[str, str]]] = {
        "home": {
            "yes": "Repairs, damp, rent, service charges, neighbours, how we treat you as your landlord",
            "no": "Also choose this for homelessness, or for waiting for a home",
            "unsure": "We work it out. It makes no difference to when we answer.",
        }
    }


class Wrong(Question):
    """What went wrong?"""

    title = "What went wrong?"
    short = "What went wrong"
    hint = (
        "In your own words, in any language. It helps to say what happened, when, and who you spoke to. "
        "You don’t have to know which department it was."
    )
    template = "portal/wrong.html"
    wrong = Words(label=title, rows=9, error_messages={"required": "Tell us what went wrong"})
    more = forms.ChoiceField(
        label="If there is more than one thing, would you like to list them?",
        widget=forms.RadioSelect,
        initial="no",
        choices=[("no", "No, this is all one thing"), ("yes", "Yes, I will list them one by one")],
        error_messages={"required": "Say whether you would like to list them"},
    )


class Points(Question):
    """Each thing by itself."""

    title = "What are the things that went wrong, one by one?"
    short = "The things that went wrong"
    hint = "One thing in each box, in a sentence or two. We answer each of them by its number."
    template = "portal/points.html"
    FEWEST: ClassVar[int] = 2
    MOST: ClassVar[int] = 30

    def __init__(self, *args: Any, boxes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [name for name in self.data if str(name).startswith("point_")] if self.is_bound else []
        given += [name for name in (self.initial or {}) if str(name).startswith("point_")]
        highest = max((int(name[6:]) for name in given if name[6:].isdecimal() and len(name) < 10), default=0)
        for number in range(1, min(max(boxes, highest, self.FEWEST), self.MOST) + 1):
            self.fields[f"point_{number}"] = Words(label=f"Thing {number}", rows=3, required=False, max_length=5_000)

    @classmethod
    def data_of(cls, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Number what was kept."""
        return {f"point_{at}": words for at, words in enumerate(kept.get("points", ()), 1)}

    def listed(self) -> list[str]:
        """Give the boxes that hold something, in their order."""
        return [words for name in self.fields if (words := str(self.cleaned_data.get(name) or "").strip())]

    def to_keep(self) -> dict[str, Any]:
        """Keep the things as a list."""
        return {"points": self.listed()}

    def as_typed(self) -> dict[str, Any]:
        """Keep what was typed as a list."""
        typed = [str(self.data.get(name) or "") for name in self.fields]
        return {"points": [words for words in typed if words.strip()]}

    def clean(self) -> dict[str, Any]:
        """Ask for one thing at least."""
        if not self.errors and not self.listed():
            self.add_error("point_1", "Write at least one thing that went wrong")
        return dict(self.cleaned_data)


class Effect(Question):
    """What did it do to the person?"""

    title = "How has it affected you?"
    short = "How it affected you"
    hint = "For example your health, your money, your time, or your family. You can leave this empty."
    effect = Words(label=title, rows=6, required=False)


class Right(Question):
    """What would put it right?"""

    title = "What would put it right?"
    short = "What would put it right"
    hint = "For example an apology, something done, an explanation, a change for others. You can leave this empty."
    right = Words(label=title, rows=6, required=False)


class Files(Question):
    """Anything to add?"""

    title = "Do you have anything to add?"
    short = "Photographs and documents"
    template = "portal/files.html"
    files = ManyFilesField(  # type: ignore[assignment]  # a field, not the files of a bound form
        label="Add photographs or documents",
        required=False,
        help_text=(
            f"Up to {filetype.MAX_FILES} files of {filetype.MAX_FILE // filetype.MB} MB each. "
            "Photographs from your telephone are fine."
        ),
    )


class You(Question):
    """How do we reach the person?"""

    title = "How do we reach you?"
    short = "You"
    template = "portal/you.html"
    name = Words(
        label="Your full name",
        help_text=(
            "If you would rather not say, write “Anonymous”. "
            "We look into it all the same, but may not be able to answer you."
        ),
        error_messages={"required": "Give your name, or write “Anonymous”"},
    )
    prefers = forms.ChoiceField(
        label="How would you like to hear from us?",
        widget=forms.RadioSelect,
        choices=[
            ("email", "By email"),
            ("post", "By post"),
            ("telephone", "By telephone, and a letter with the answer"),
            ("none", "I don’t want to hear from you"),
        ],
        error_messages={"required": "Say how you would like to hear from us"},
    )
    email = forms.EmailField(label="Email address", required=False, max_length=254)
    telephone = Words(label="Telephone number", required=False, max_length=60)
    address = Words(label="Address", rows=4, required=False, max_length=1_000)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs."""
        given = dict(self.cleaned_data)
        needs = {
            "email": ("email", "Give your email address, so that we can write to you"),
            "post": ("address", "Give your address, so that we can write to you"),
            "telephone": ("telephone", "Give your telephone number, so that we can ring you"),
        }
        name, sentence = needs.get(str(given.get("prefers")), ("", ""))
        if name and name not in self.errors and not given.get(name):
            self.add_error(name, sentence)
        return given


class Deal(Question):
    """What must be honoured?"""

    title = "How should we deal with you?"
    short = "How we should deal with you"
    hint = "You can leave all of this empty, and change it at any time."
    template = "portal/deal.html"
    needs = forms.MultipleChoiceField(
        label="What would help you?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("large-print", "Letters in large print"),
            ("easy-read", "Letters in Easy Read, with short words and pictures"),
            ("audio", "Letters as a recording, or in Braille"),
            ("time", "More time to answer when you ask me something"),
            ("person", "Speaking with somebody in person"),
        ],
    )
    other = Words(
        label="Anything else that we should do differently for you",
        rows=3,
        required=False,
        max_length=280,
        help_text="For example “ring before 1pm, and let it ring”. You don’t have to say why.",
    )
    language = Words(
        label="A language other than English, or an interpreter",
        required=False,
        max_length=120,
        help_text="For example Polish, or British Sign Language",
    )
    never = forms.MultipleChoiceField(
        label="Is there a way in which we must not contact you?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For example because somebody else could see it.",
        choices=[("email", "Never by email"), ("post", "Never by post"), ("telephone", "Never by telephone")],
    )


QUESTIONS: dict[str, type[Question]] = {
    "who": Who,
    "them": Them,
    "home": Home,
    "wrong": Wrong,
    "points": Points,
    "effect": Effect,
    "right": Right,
    "files": Files,
    "you": You,
    "deal": Deal,
}


def order(answers: Answers, *, housing: bool) -> tuple[str, ...]:
    """List the questions that are asked, as far as the answers so far say."""
    left_out = set()
    if answers.get("who", {}).get("who") != "other":
        left_out.add("them")
    if not housing:
        left_out.add("home")
    if answers.get("wrong", {}).get("more") != "yes":
        left_out.add("points")
    return tuple(key for key in QUESTIONS if key not in left_out)


def missing(answers: Answers, *, housing: bool) -> tuple[str, ...]:
    """List the questions that still want an answer before the form can be sent."""
    return tuple(
        key
        for key in order(answers, housing=housing)
        if key != "files" and not QUESTIONS[key](data=QUESTIONS[key].data_of(answers.get(key, {}))).is_valid()
    )


class SaveForm(forms.Form):
    """Where should the link to come back be sent?"""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Give the email address to which we send the link"},
    )


class AskForm(forms.Form):
    """Who wants to follow a complaint?"""

    email = Words(
        label="Your email address",
        max_length=254,
        help_text="The one that you gave us. We send the link there, and nowhere else.",
        widget=forms.EmailInput(),
        error_messages={"required": "Give your email address"},
    )
    reference = Words(
        label="Your reference, if you have it", required=False, max_length=30, help_text="It looks like NMR-2026-0437"
    )

    def clean_email(self) -> str:
        """See that it is an address."""
        given = str(self.cleaned_data["email"]).strip()
        try:
            validate_email(given)
        except ValidationError as fault:
            raise ValidationError("Give an email address like name@example.org") from fault
        return given


class AddForm(forms.Form):
    """Something new from somebody who follows their case."""

    words = Words(label="Anything new, or a question for us", rows=5, required=False)
    files = ManyFilesField(  # type: ignore[assignment]  # a field, not the files of a bound form
        label="Add photographs or documents",
        required=False,
        help_text=(
            f"Up to {filetype.MAX_FILES} files of {filetype.MAX_FILE // filetype.MB} MB each. "
            "Photographs from your telephone are fine."
        ),
    )


class NotRightForm(forms.Form):
    """What did we misunderstand?"""

    words = Words(
        label="What is not right?", rows=6, error_messages={"required": "Tell us what is not right, or what is missing"}
    )


class NextStageForm(forms.Form):
    """What should be looked at again, and what would put it right? All of it may be left empty."""

    points = forms.MultipleChoiceField(
        label="Which parts should we look at again?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none and we look at all of it.",
    )
    disputed = Words(
        label="What are you not happy with?", rows=5, required=False, help_text="You don’t have to say why."
    )
    right = Words(label="What would put it right?", rows=4, required=False)

    def __init__(self, *args: Any, points: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["points"].choices = points  # type: ignore[attr-defined]
