"""Files on a real disk: truncated, overwritten with garbage, or missing."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.const import DOMAIN

from ..homes.house import BALANCING, SUPPLY, House
from ..homes.radiators import ROOMS, RadiatorHouse
from .test_store_damaged import SHADOW, SOUND, issue, parts

RUBBISH = [
    b"",
    b"{",
    b"\x00" * 400,
    b"\xff\xfe\xfa",
    b"null",
    b"[]",
    b"5",
    b'"load_sharing.site"',
    b"{}",
    b'{"data": 5}',
    b'{"data": {"enabled": true}}',
    b'{"version": 1, "data": null}',
    b'{"version": "one", "minor_version": 1, "data": {"enabled": true}}',
    b'{"version": 1, "minor_version": 1, "key": "load_sharing.site"}',
    b'{"version": null, "minor_version": [], "data": {}}',
]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Use a folder of its own."""
    return hass_tmp_config_dir


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let Home Assistant read and write real files."""
    return {}


class Disk:
    """A file of the site on a real disk. Blocking access is fine in a test."""

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Name the file."""
        self.path = Path(hass.config.path(".storage", name))
        self.path.parent.mkdir(exist_ok=True)

    def write(self, content: bytes) -> None:
        """Overwrite the file."""
        self.path.write_bytes(content)

    def read(self) -> bytes:
        """Read the file."""
        return self.path.read_bytes()

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink()

    def block(self) -> None:
        """Replace the file by a folder, so that it cannot be read."""
        self.remove()
        self.path.mkdir()

    def unblock(self) -> None:
        """Remove the folder."""
        self.path.rmdir()

    def json(self) -> Any:
        """Return the content as JSON."""
        return json.loads(self.read())

    @property
    def kept(self) -> list[bytes]:
        """Return the unreadable files that were kept beside it."""
        aside = self.path.parent.glob(f"{self.path.name}.corrupt.*")
        return [path.read_bytes() for path in aside]

    def keep(self, content: bytes) -> None:
        """Put an unreadable file beside it."""
        name = f"{self.path.name}.corrupt.2026-01-01T00:00:00"
        self.path.with_name(name).write_bytes(content)


@pytest.fixture
def file(hass: HomeAssistant) -> Disk:
    """Return the file of the store."""
    return Disk(hass, "load_sharing.site")


@pytest.fixture
def journal(hass: HomeAssistant) -> Disk:
    """Return the file of the leases."""
    return Disk(hass, "load_sharing.site.leases")


async def run_once(house: House, *, on: bool = True) -> MockConfigEntry:
    """Run a site once, leave it switched on or off, and stop it."""
    house.number.show(30)
    await house.measure(20)
    entry = await house.set_up()
    if not on:
        await house.switch_balancing(on=False)
    assert await house.hass.config_entries.async_unload("site")
    house.number.show(30)
    await house.measure(40)
    house.sent.clear()
    return entry


async def start_again(house: House) -> None:
    """Start again, with an overload."""
    assert await house.hass.config_entries.async_setup("site")
    await house.hass.async_block_till_done()
    await house.wait(4)


def assert_nothing_is_sent(house: House) -> None:
    """Assert that balancing is off, and that a critical repair says so."""
    assert (house.state(BALANCING), house.state(SHADOW)) == ("off", "on")
    assert house.sent == []
    assert house.state("binary_sensor.home_overload") == "on"
    found = issue(house.hass, "switches_unknown")
    assert found is not None
    assert found.severity is ir.IssueSeverity.CRITICAL
    assert parts(house.hass, "switches_unknown") == [
        "Home: Balancing",
        "Home: Shadow mode",
    ]


@pytest.mark.parametrize("rubbish", RUBBISH)
async def test_a_file_of_rubbish(
    hass: HomeAssistant, house: House, file: Disk, rubbish: bytes
) -> None:
    """Nothing is sent and the file is kept, until balancing is switched on by hand."""
    await run_once(house, on=False)
    file.write(rubbish)
    await start_again(house)
    assert_nothing_is_sent(house)
    if b"enabled" not in rubbish and b'"data": {}' not in rubbish:
        assert parts(hass)[0] == "Home"
    assert rubbish in file.kept or rubbish.startswith(b'{"version": null')
    assert file.json()["data"]["enabled"] is False
    assert await hass.config_entries.async_reload("site")
    assert_nothing_is_sent(house)
    await house.switch_balancing(on=True)
    await house.call("switch", "turn_off", SHADOW)
    await house.wait(4)
    assert house.sent[-1] < 30
    assert issue(hass, "switches_unknown") is None
    await house.wait(2)
    assert await hass.config_entries.async_reload("site")
    assert (house.state(BALANCING), house.state(SHADOW)) == ("on", "off")
    assert issue(hass, "switches_unknown") is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
async def test_a_file_that_is_cut_off(house: House, file: Disk, share: float) -> None:
    """This happens when the power fails during a write."""
    await run_once(house)
    whole = file.read()
    file.write(whole[: int(len(whole) * share)])
    await start_again(house)
    assert_nothing_is_sent(house)
    assert file.kept == [whole[: int(len(whole) * share)]]


async def test_a_file_that_is_gone(house: House, file: Disk) -> None:
    """The site has run before, so there must have been a file."""
    await run_once(house, on=False)
    file.remove()
    await start_again(house)
    assert_nothing_is_sent(house)


async def test_a_file_that_is_gone_with_the_registry_of_entities(
    house: House, file: Disk
) -> None:
    """The unreadable file that Home Assistant kept shows that there was one."""
    house.number.show(30)
    await house.measure(40)
    file.keep(b"{")
    await house.set_up()
    await house.wait(4)
    assert_nothing_is_sent(house)


async def test_a_first_start_is_none_of_these(
    hass: HomeAssistant, house: House, file: Disk
) -> None:
    """The charger is commanded at once, and a file exists from then on."""
    house.number.show(30)
    await house.measure(40)
    await house.set_up()
    assert file.json()["data"]["enabled"]
    await house.wait(4)
    assert house.sent[-1] < 30
    assert not ir.async_get(hass).issues


async def test_a_restart_is_none_of_these(hass: HomeAssistant, house: House) -> None:
    """Intact files raise no repair."""
    await run_once(house)
    await start_again(house)
    assert house.state(BALANCING) == "on"
    assert house.sent[-1] < 30
    assert not ir.async_get(hass).issues


async def test_a_disk_that_does_not_answer(
    hass: HomeAssistant, house: House, file: Disk
) -> None:
    """The set-up is retried later; this is not taken for a first start."""
    entry = await run_once(house, on=False)
    content = file.read()
    file.block()
    await hass.config_entries.async_setup("site")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "store_unreadable"
    file.unblock()
    file.write(content)
    await hass.config_entries.async_unload("site")
    await start_again(house)
    assert house.state(BALANCING) == "off"
    assert issue(hass, "switches_unknown") is None


async def test_a_crash_while_writing_leaves_the_former_file(
    hass: HomeAssistant, house: House, file: Disk
) -> None:
    """The file is written beside, then moved into place."""
    await house.measure(10)
    await house.set_up()
    await house.tune("number.home_ramp_up_time", 20)
    await house.wait(2)
    with patch("homeassistant.helpers.storage.write_utf8_file_atomic") as write:
        await house.tune("number.home_ramp_up_time", 30)
        await house.wait(2)
    assert write.called
    assert file.json()["data"]["tuning"]["supply"] == {"ramp_up_time": 20}


async def test_a_newer_major_version_stays_as_it_is(
    hass: HomeAssistant, house: House, file: Disk
) -> None:
    """On disk, too."""
    content = json.dumps({"version": 2, "minor_version": 1, "key": "x", "data": {}})
    file.write(content.encode())
    entry = MockConfigEntry(
        domain=DOMAIN, title="Home", data={"supply": SUPPLY}, entry_id="site"
    )
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup("site")
    assert entry.error_reason_translation_key == "store_newer"
    assert file.read() == content.encode()
    assert file.kept == []


async def test_a_newer_minor_version_goes_on(
    hass: HomeAssistant, house: House, file: Disk
) -> None:
    """It keeps what the newer version added, and its version number."""
    data = SOUND | {"added": {"by": "2.0"}}
    content = {"version": 1, "minor_version": 5, "key": file.path.name, "data": data}
    file.write(json.dumps(content).encode())
    await house.measure(10)
    await house.set_up()
    await house.tune("number.home_ramp_up_time", 20)
    await hass.config_entries.async_unload("site")
    written = file.json()
    assert written["minor_version"] == 5
    assert written["data"]["added"] == {"by": "2.0"}
    assert written["data"]["tuning"]["supply"] == {"ramp_up_time": 20}


@pytest.mark.parametrize("rubbish", [b"", b"{", b"null", b"[1]", b'{"version": 1}'])
async def test_a_journal_of_rubbish(
    hass: HomeAssistant, radiators: RadiatorHouse, journal: Disk, rubbish: bytes
) -> None:
    """It is unknown what was held: the repair lists all that may have been."""
    journal.write(rubbish)
    await radiators.set_up_heating()
    found = issue(hass, "leases_lost")
    assert found is not None
    assert found.translation_placeholders == {
        "site": "Home",
        "entities": "number.bath_valve, number.lounge_valve, number.hall_valve, "
        "climate.study",
    }
    assert rubbish in journal.kept
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90
    assert await hass.config_entries.async_unload("site")
    assert radiators.opening("lounge") == 0
    ir.async_delete_issue(hass, DOMAIN, "leases_lost_site")
    assert await hass.config_entries.async_setup("site")
    assert issue(hass, "leases_lost") is None
    assert len(ROOMS) == 4
