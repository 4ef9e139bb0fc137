"""Which service levels of a contract are measured, and what is said of the others."""

import pytest

from ghala.model.service_level import LevelKind
from ghala.spec import yaml
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.odcs import read_contract

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: 7c4e0f6a-0000-4000-8000-000000000001
name: parcels
version: 1.4.0
status: active
domain: logistics
schema:
  - name: parcels
    logicalType: object
    properties:
      - {name: id, logicalType: integer}
      - {name: sent_at, logicalType: timestamp}
      - {name: secret_at, logicalType: timestamp, classification: restricted}
  - {name: depots, logicalType: object, properties: [{name: id, logicalType: integer}]}
slaProperties:
"""


def read(*levels, more=""):
    text = CONTRACT + "".join(f"  - {level}\n" for level in levels) + more
    findings = Findings()
    node = yaml.parse(text.encode(), "parcels.odcs.yaml")
    contract = read_contract(node, "logistics", findings)
    parcels, depots = contract.datasets
    return parcels.levels, depots.levels, list(findings)


def test_levels_are_read_in_the_words_of_the_standard():
    parcels, depots, found = read(
        "{property: frequency, value: 1, unit: d}",
        "{property: freshness, value: 90, unit: min, element: parcels.id}",
        '{property: timeOfAvailability, value: "09:00-08:00"}',
        "{property: retention, value: 3, unit: y}",
        '{property: endOfLife, value: "2030-01-01"}',
    )
    assert found == []
    assert [(level.kind, level.words) for level in parcels] == [
        ("frequency", "1 d"),
        ("freshness", "90 min"),
        ("timeOfAvailability", "09:00-08:00"),
        ("retention", "3 y"),
    ]
    assert (parcels[1].seconds, parcels[3].months) == (5400, 36)
    assert parcels[2].second_of_day == 17 * 3600
    assert [level.kind for level in depots] == ["frequency", "timeOfAvailability", "retention"]


def test_latency_is_measured_in_the_column_that_it_names():
    parcels, depots, found = read(
        "{property: latency, value: 90, unit: min, element: 'parcels.sent_at, depots.id'}"
    )
    assert found == []
    ((kind, column, seconds),) = [(one.kind, one.column, one.seconds) for one in parcels]
    assert (kind, column, seconds) == (LevelKind.LATENCY, "sent_at", 5400)
    assert depots == ()


@pytest.mark.parametrize(
    "level",
    [
        "{property: latency, value: 4, unit: d}",
        "{property: latency, value: 4, unit: d, element: parcels.id}",
        "{property: latency, value: 4, unit: d, element: parcels.secret_at}",
        "{property: latency, value: 4, element: parcels.sent_at}",
        "{property: availability, value: 99.9, unit: percent}",
        "{property: frequency, value: 1, unit: m}",
        "{property: frequency, value: 0, unit: d}",
        "{property: frequency, value: 1.5, unit: mo}",
        "{property: frequency, value: daily}",
        "{property: frequency}",
        '{property: timeOfAvailability, value: "25:00"}',
        '{property: timeOfAvailability, value: "morning"}',
    ],
)
def test_what_is_not_measured_is_told_with_its_place(level):
    parcels, _, found = read(level)
    assert parcels == ()
    assert FindingCode.ODCS_NOT_CHECKED in {one.code for one in found}
    told = next(one for one in found if one.code is FindingCode.ODCS_NOT_CHECKED)
    assert "is not measured" in told.message
    assert told.place.line == 17
    assert told.hint


def test_the_target_is_ours_and_checked():
    custom = "customProperties: [{property: ghala.serviceLevelTarget, value: %s}]\n"
    parcels, _, found = read("{property: frequency, value: 1, unit: d}", more=custom % 99.5)
    assert (found, parcels[0].target_percent) == ([], 99.5)
    parcels, _, found = read("{property: frequency, value: 1, unit: d}", more=custom % 101)
    assert [one.code for one in found] == [FindingCode.VALUE_NOT_ALLOWED]
    assert parcels[0].kind is LevelKind.FREQUENCY
