"""The state of an account, which its calls read and change."""

from dataclasses import dataclass, field

from local.fake_zoom import errors
from local.fake_zoom.attempt_limit import AttemptLimit
from local.fake_zoom.details import Kind
from local.fake_zoom.profile import Profile
from local.fake_zoom.rates import Limits, Rates
from local.fake_zoom.switches import Switches
from local.fake_zoom.tokens import Tokens
from local.fake_zoom.webinars import Webinar


@dataclass
class State:
    """The settings of an account, then what its calls have changed."""

    profile: Profile = field(default_factory=Profile)
    switches: Switches = field(default_factory=Switches)
    limits: Limits = field(default_factory=Limits)
    webinars: dict[str, Webinar] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)
    rates: Rates = field(default_factory=Rates)
    attempts: AttemptLimit = field(default_factory=AttemptLimit)

    def webinar(self, webinar: str, kind: Kind = Kind.WEBINAR) -> Webinar:
        """Return the webinar or meeting named in a path, or raise Zoom's error."""
        if not (webinar.isascii() and webinar.isdigit()):
            raise errors.webinar_id_invalid()
        found = self.webinars.get(webinar)
        if found is None or found.properties.kind is not kind:
            raise errors.webinar_not_found(webinar, kind)
        if not found.properties.accessible:
            raise errors.webinar_not_accessible(self.switches.not_accessible, found.properties.host_email)
        return found

    def seats_taken(self) -> int:
        """Return the number of seats taken in all webinars."""
        return sum(webinar.seats_taken for webinar in self.webinars.values())
