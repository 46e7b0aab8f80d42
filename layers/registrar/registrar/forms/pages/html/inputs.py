"""Inputs with their label, their error, and what was typed before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registrar.forms.pages.html.element import Html, element
from registrar.forms.pages.texts.catalogue import FormTexts


@dataclass(frozen=True)
class Field:
    """One field of the form. `error` is empty, or the sentence that says what to correct."""

    name: str
    id: str
    label: str
    is_required: bool = False
    values: Sequence[str] = field(default=(), repr=False)
    error: str = ""
    has_focus: bool = False
    """Whether the page opens with the cursor here."""

    @property
    def _error_id(self) -> str | None:
        return f"{self.id}-error" if self.error else None

    def _value(self) -> str:
        return self.values[-1] if self.values else ""

    def _message(self) -> Html | None:
        return element("p", self.error, class_="wrong", id=self._error_id) if self.error else None

    def _name(self, texts: FormTexts) -> tuple[str, Html | None]:
        return f"{self.label} ", element("span", texts.required, class_="soft") if self.is_required else None

    def _state(self) -> Mapping[str, str | bool | None]:
        return {"aria_invalid": "true" if self.error else None, "aria_describedby": self._error_id}

    def _labelled(self, texts: FormTexts, control: Html) -> Html:
        label = element("label", *self._name(texts), for_=self.id)
        return element("div", label, self._message(), control, class_="field")

    def text(
        self,
        texts: FormTexts,
        keyboard: str | None = None,
        autocomplete: str | None = None,
        max_length: int | None = None,
    ) -> Html:
        """Return a field of one line; `keyboard` is what a phone shows for it.

        An e-mail address has no `type=email`: browsers refuse full-width letters and umlauts there, which are accepted.
        """
        control = element(
            "input",
            id=self.id,
            name=self.name,
            type="text",
            inputmode=keyboard,
            autocapitalize="none" if keyboard else None,
            spellcheck="false" if keyboard else None,
            value=self._value(),
            autocomplete=autocomplete,
            maxlength=str(max_length) if max_length else None,
            required=self.is_required,
            autofocus=self.has_focus,
            **self._state(),
        )
        return self._labelled(texts, control)

    def lines(self, texts: FormTexts, max_length: int) -> Html:
        """Return a field of several lines. A browser drops a line break at the beginning, so one is added."""
        control = element(
            "textarea",
            Html("\n"),
            self._value(),
            id=self.id,
            name=self.name,
            rows="4",
            maxlength=str(max_length),
            required=self.is_required,
            autofocus=self.has_focus,
            **self._state(),
        )
        return self._labelled(texts, control)

    def select(self, texts: FormTexts, options: Mapping[str, str], autocomplete: str | None = None) -> Html:
        """Return a drop-down list of value → label."""
        items = [
            element("option", label, value=value, selected=value == self._value()) for value, label in options.items()
        ]
        control = element(
            "select",
            element("option", texts.please_choose, value=""),
            *items,
            id=self.id,
            name=self.name,
            autocomplete=autocomplete,
            required=self.is_required,
            autofocus=self.has_focus,
            **self._state(),
        )
        return self._labelled(texts, control)

    def radios(self, texts: FormTexts, options: Mapping[str, Sequence[str | None]]) -> Html:
        """Return buttons of which one can be chosen, value → label."""
        items = self._choices("radio", options, required=self.is_required)
        return element(
            "fieldset",
            element("legend", *self._name(texts)),
            self._message(),
            *items,
            role="radiogroup",
            aria_required="true" if self.is_required else None,
            **self._state(),
        )

    def checkboxes(self, texts: FormTexts, options: Mapping[str, Sequence[str | None]]) -> Html:
        """Return boxes of which several can be chosen, value → label."""
        hint = element("p", texts.several, class_="soft") if len(options) > 1 else None
        items = self._choices("checkbox", options, **self._state())
        return element("fieldset", element("legend", *self._name(texts)), hint, self._message(), *items)

    def _choices(
        self, type_: str, options: Mapping[str, Sequence[str | None]], **attributes: str | bool | None
    ) -> list[Html]:
        items = []
        for number, (value, label) in enumerate(options.items()):
            control = element(
                "input",
                id=self.id if number == 0 else f"{self.id}-{number}",
                name=self.name,
                type=type_,
                value=value,
                checked=value in self.values,
                autofocus=self.has_focus and number == 0,
                **attributes,
            )
            items.append(element("label", control, element("span", *label), class_="choice"))
        return items
