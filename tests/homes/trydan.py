"""A V2C Trydan as its HTTP interface shows it: values that are read and written by name."""

import json

READ = "/RealTimeData"
WRITE = "/write/"


class Trydan:
    """A charger with a car that takes all it may. It takes 6 A to 32 A, or is paused."""

    def __init__(self) -> None:
        """Charge with 16 A."""
        self.written: list[str] = []
        self.values: dict[str, float | str] = {
            "ID": "TRYDAN01",
            "ChargeState": 2,
            "ReadyState": 1,
            "ChargePower": 0,
            "VoltageInstallation": 230,
            "ChargeEnergy": 1.2,
            "ChargeMode": 0,
            "SlaveError": 4,
            "ChargeTime": 60,
            "HousePower": 0,
            "FVPower": 0,
            "Paused": 0,
            "Locked": 0,
            "Timer": 0,
            "Intensity": 16,
            "Dynamic": 0,
            "MinIntensity": 6,
            "MaxIntensity": 16,
            "PauseDynamic": 0,
            "LightLED": 50,
            "LogoLED": 0,
            "FirmwareVersion": "2.4.6",
            "DynamicPowerMode": 1,
            "ContractedPower": 0,
        }

    @property
    def draw_a(self) -> float:
        """Current that the car draws."""
        return 0.0 if self.values["Paused"] else float(self.values["Intensity"])

    def answer(self, path: str) -> str | None:
        """Answer a request; None if there is no such path."""
        if path.startswith(WRITE):
            name, _, value = path.removeprefix(WRITE).partition("=")
            self.values[name] = int(value)
            self.written.append(f"{name}={value}")
            return "OK"
        if path != READ:
            return None
        self.values["ChargePower"] = round(230 * self.draw_a)
        self.values["ChargeState"] = 1 if self.values["Paused"] else 2
        return json.dumps(self.values)
