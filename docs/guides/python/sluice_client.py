"""Asks Sluice for access and reports usage, with nothing but Python's standard library (3.9 or newer).

    sluice = Sluice("http://localhost:9000", "ak-...")
    with sluice.call("scan-1", {"external_id": "customer-42"}, {"analyses": 1}) as call:
        result = analyze(image)
        call.usage = {"analyses": 1, "storage": "0.25"}
"""

import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

TIMEOUT_S = 10
ATTEMPTS_MAX = 4
EVENTS_MAX = 1000


class SluiceError(Exception):
    """Sluice said no; `code` says why, `message` what to do."""

    def __init__(self, status, error):
        super().__init__(error.get("message", "HTTP %d" % status))
        self.status = status
        self.code = error.get("code", "unknown")
        self.param = error.get("param")
        self.request_id = error.get("request_id")
        # What refused: {"kind": "quota", "meter": "medical.analyses", "remaining": "0", "resets_at": ...}
        self.limit = error.get("limit")
        self.retry_after_s = error.get("retry_after_seconds")


class SluiceUnreachable(Exception):
    """No answer, after several tries: decide here whether to go on without (fail open) or to stop."""


class Sluice:
    def __init__(self, url, application_key, timeout_s=TIMEOUT_S):
        self._url = url.rstrip("/")
        self._key = application_key
        self._timeout_s = timeout_s

    def authorize(self, request_id, subject, estimate, **options):
        """Reserves `estimate`; the same `request_id` may be sent again and answers the same.

        Options: model, ip, tags, hold_seconds.
        """
        body = {"request_id": request_id, "subject": subject, "estimate": estimate, **options}
        return self._post("/api/v1/access/authorize", body)

    def settle(self, request_id, usage, **options):
        """Records what was used and answers the receipt; repeated, it answers the first one."""
        body = {"request_id": request_id, "usage": usage, **options}
        return self._post("/api/v1/access/settle", body)

    def release(self, request_id):
        """Gives back what was reserved: nothing was done."""
        return self._post("/api/v1/access/release", {"request_id": request_id})

    def renew(self, request_id, hold_seconds=300):
        """Keeps what is reserved for long work."""
        body = {"request_id": request_id, "hold_seconds": hold_seconds}
        return self._post("/api/v1/access/renew", body)

    def call(self, request_id, subject, estimate, **options):
        """A `with` block: authorized before it, settled after it, released when it raises."""
        return Call(self, request_id, subject, estimate, options)

    def features(self, subject):
        """What the plan gives: {"sso": True, "seats": 5}."""
        return self._ask("/api/v1/access/features", subject)["data"]

    def quotas(self, subject):
        """Every limit of the subject, with used, remaining and resets_at."""
        return self._ask("/api/v1/access/quotas", subject)["data"]

    def report(self, events):
        """Reports what was used without asking before; each event counts once, however often it is sent.

        An event: {"meter": "analyses", "quantity": 1, "subject": {...}}, and optionally id, time and properties.
        """
        if len(events) > EVENTS_MAX:
            raise ValueError("report at most %d events at once" % EVENTS_MAX)
        # An id that is made once, before the first try, is what makes a retry harmless.
        named = [{"id": str(uuid.uuid4()), "time": now(), **event} for event in events]
        return self._post("/api/v1/billing/usage/events", {"events": named})["data"]

    def _ask(self, path, subject):
        headers = {}
        query = dict(subject)
        if str(query.get("api_key", "")).startswith("sk-"):
            # Addresses are written into logs; a secret does not belong there.
            headers["sluice-subject"] = query.pop("api_key")
        return self._send("GET", path + "?" + urllib.parse.urlencode(query), None, headers)

    def _post(self, path, body):
        return self._send("POST", path, json.dumps(body).encode(), {})

    def _send(self, method, path, body, headers):
        """Every request may be sent twice, so a lost answer is asked for again."""
        headers = {
            "authorization": "Bearer " + self._key,
            "content-type": "application/json",
            **headers,
        }
        for attempt in range(1, ATTEMPTS_MAX + 1):
            request = urllib.request.Request(self._url + path, body, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=self._timeout_s) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                refusal = SluiceError(error.code, read_error(error))
                if error.code < 500 or attempt == ATTEMPTS_MAX:
                    raise refusal from None
            except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
                if attempt == ATTEMPTS_MAX:
                    raise SluiceUnreachable(str(error)) from error
            time.sleep(random.uniform(0.5, 1) * 0.1 * 2**attempt)


class Call:
    """One piece of work; what `usage` holds when the block ends is settled."""

    def __init__(self, sluice, request_id, subject, estimate, options):
        self._sluice = sluice
        self._asked = (request_id, subject, estimate)
        self._options = options
        self.request_id = request_id
        self.usage = estimate
        self.permit = None
        self.receipt = None

    def __enter__(self):
        self.permit = self._sluice.authorize(*self._asked, **self._options)
        return self

    def __exit__(self, kind, _error, _traceback):
        if kind is None:
            self.receipt = self._sluice.settle(self.request_id, self.usage)
        else:
            self._sluice.release(self.request_id)


def read_error(error):
    try:
        return json.load(error).get("error", {})
    except ValueError:
        return {}


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
