"""One small mistake in a correct workspace: found once, under its code, at its exact place."""

import pytest

PRODUCT = "domains/sales/orders"
CONTRACT = f"{PRODUCT}/orders.odcs.yaml"
PIPELINE = f"{PRODUCT}/pipeline.yaml"
ODPS = f"{PRODUCT}/product.odps.yaml"
DOMAIN = "domains/sales/domain.yaml"
SETTINGS = "ghala.yaml"
ID = "{name: id, logicalType: integer, required: true}"
NOTE = "{name: note, logicalType: string}"
AMOUNT = '{name: amount, logicalType: number, physicalType: "decimal(12,2)"}'
NOTE_OPTIONS = "{name: note, logicalType: string, logicalTypeOptions: {%s}}"
ID_OPTIONS = "{name: id, logicalType: integer, logicalTypeOptions: {%s}}"
AMOUNT_OPTIONS = (
    '{name: amount, logicalType: number, physicalType: "decimal(12,2)", logicalTypeOptions: {%s}}'
)
QUALITY = "      - {name: note, logicalType: string}\n"


def rule(text):
    return QUALITY + "    quality:\n      - {" + text + "}\n"


# (file, what stands there, what is put there, findings)
CASES = {
    # ghala.yaml
    "settings: unknown key": (SETTINGS, "zones:", "zone:", ["ghala.yaml:2:1 key.unknown"]),
    "settings: no name": (SETTINGS, "name: acme\n", "", ["ghala.yaml:1:1 key.missing"]),
    "settings: name is a number": (SETTINGS, "name: acme", "name: 7", ["ghala.yaml:1:7 value.wrong_type"]),
    "settings: bad name": (SETTINGS, "name: acme", "name: Acme Ltd", ["ghala.yaml:1:7 name.invalid"]),
    "settings: unknown key of a section": (
        SETTINGS, "zones:", "engine: {thread: 2}\nzones:", ["ghala.yaml:2:10 key.unknown"]),
    "settings: no threads": (
        SETTINGS, "zones:", "engine: {threads: 0}\nzones:", ["ghala.yaml:2:19 value.not_allowed"]),
    "settings: half a snapshot": (
        SETTINGS, "zones:", "upkeep: {live_snapshots: 2.5}\nzones:", ["ghala.yaml:2:26 value.not_allowed"]),
    "settings: seconds in words": (
        SETTINGS, "zones:", "limits: {query_s: 5 minutes}\nzones:", ["ghala.yaml:2:19 value.not_allowed"]),
    "settings: section is a list": (SETTINGS, "zones:", "runs: [1]\nzones:", ["ghala.yaml:2:7 value.wrong_type"]),
    "settings: storage among the definitions": (
        SETTINGS, "zones:", "storage: domains/x\nzones:", ["ghala.yaml:2:10 settings.bad_path"]),
    "settings: storage is the workspace": (
        SETTINGS, "zones:", "storage: .\nzones:",
        ["ghala.yaml:2:10 settings.bad_path", "ghala.yaml:4:8 settings.bad_path"]),
    "settings: zone over the storage": (SETTINGS, "erp: landing", "erp: .", ["ghala.yaml:3:8 settings.bad_path"]),
    "settings: zone is not there": (
        SETTINGS, "erp: landing", "erp: nowhere", ["ghala.yaml:3:8 settings.zone_missing"]),
    "settings: zone with a bad name": (SETTINGS, "erp: landing", "ERP-1: landing", ["ghala.yaml:3:3 name.invalid"]),
    "settings: zone without a folder": (SETTINGS, "erp: landing", "erp:", ["ghala.yaml:3:3 key.missing"]),
    "settings: registry is no URL": (
        SETTINGS, "zones:", "registry: reg.db\nzones:", ["ghala.yaml:2:11 value.not_allowed"]),
    "settings: password in the registry's URL": (
        SETTINGS, "zones:", "registry: postgresql://u:pw@db/x\nzones:", ["ghala.yaml:2:11 settings.secret"]),
    # domain.yaml
    "domain: no owner": (DOMAIN, "owner: sales-team", "description: x", ["domain.yaml:1:1 key.missing"]),
    "domain: empty owner": (DOMAIN, "owner: sales-team", "owner:", ["domain.yaml:1:1 key.missing"]),
    "domain: misspelt": (
        DOMAIN, "owner: sales-team", "ownr: x", ["domain.yaml:1:1 key.missing", "domain.yaml:1:1 key.unknown"]),
    "domain: a list": (DOMAIN, "owner: sales-team", "[x]", ["domain.yaml:1:1 value.wrong_type"]),
    # product.odps.yaml
    "product: old standard": (ODPS, "v1.0.0", "v0.5.0", ["product.odps.yaml:1:13 odps.version"]),
    "product: wrong kind": (ODPS, "DataProduct", "DataSet", ["product.odps.yaml:2:7 value.not_allowed"]),
    "product: no status": (ODPS, "status: active\n", "", ["product.odps.yaml:1:1 key.missing"]),
    "product: version is a number": (ODPS, "version: 1.0.0\nst", "version: 1.0\nst",
        ["product.odps.yaml:5:10 value.wrong_type"]),
    "product: unknown key": (ODPS, "name: Orders", "nmae: Orders", ["product.odps.yaml:4:1 key.unknown"]),
    "product: other domain": (ODPS, "domain: sales", "domain: web", ["product.odps.yaml:7:9 odps.domain_differs"]),
    "product: port without version": (ODPS, ", version: 1.0.0, ", ", ", ["product.odps.yaml:9:5 key.missing"]),
    "product: output port of nobody": (
        ODPS, "contractId: contract-1", "contractId: contract-2",
        ["orders.odcs.yaml:3:5 odps.contract_without_port", "product.odps.yaml:9:48 odps.unknown_contract"]),
    "product: no output port": (
        ODPS, ", contractId: contract-1", "", ["orders.odcs.yaml:3:5 odps.contract_without_port"]),
    "product: input port of nobody": (
        ODPS, "outputPorts:", "inputPorts:\n  - {name: x, version: 1.0.0, contractId: y}\noutputPorts:",
        ["product.odps.yaml:9:43 odps.unknown_contract"]),
    # orders.odcs.yaml: the file
    "contract: old standard": (CONTRACT, "v3.2.0", "v2.2.2", ["orders.odcs.yaml:1:13 odcs.version"]),
    "contract: no version of the standard": (
        CONTRACT, "apiVersion: v3.2.0\n", "", ["orders.odcs.yaml:1:1 odcs.version"]),
    "contract: no version": (CONTRACT, "version: 1.0.0\n", "", ["orders.odcs.yaml:1:1 key.missing"]),
    "contract: version is a number": (
        CONTRACT, "version: 1.0.0", "version: 1.10", ["orders.odcs.yaml:4:10 value.wrong_type"]),
    "contract: unknown key": (CONTRACT, "status:", "stats:", ["orders.odcs.yaml:5:1 key.unknown"]),
    "contract: other domain": (
        CONTRACT, "status:", "domain: web\nstatus:", ["orders.odcs.yaml:5:9 odcs.domain_differs"]),
    "contract: bad dataset name": (
        CONTRACT, "  - name: orders", "  - name: Orders",
        ["orders.odcs.yaml:7:11 name.invalid", "pipeline.yaml:9:14 pipeline.unknown_dataset",
         "orders.odcs.yaml:7:11 pipeline.dataset_not_made"]),
    "contract: dataset called like a keyword": (
        CONTRACT, "  - name: orders", "  - name: order",
        ["orders.odcs.yaml:7:11 name.invalid", "pipeline.yaml:9:14 pipeline.unknown_dataset",
         "orders.odcs.yaml:7:11 pipeline.dataset_not_made"]),
    "contract: reserved suffix": (
        CONTRACT, "  - name: orders", "  - name: orders_v2",
        ["orders.odcs.yaml:7:11 name.invalid", "pipeline.yaml:9:14 pipeline.unknown_dataset",
         "orders.odcs.yaml:7:11 pipeline.dataset_not_made"]),
    # columns
    "column: no name": (CONTRACT, "{name: note, ", "{", ["orders.odcs.yaml:11:9 key.missing"]),
    "column: unknown key": (
        CONTRACT, ID, "{name: id, logicalType: integer, requierd: true}", ["orders.odcs.yaml:9:42 key.unknown"]),
    "column: truth in words": (
        CONTRACT, ID, "{name: id, logicalType: integer, required: yes}", ["orders.odcs.yaml:9:52 value.wrong_type"]),
    "column: unknown logical type": (
        CONTRACT, NOTE, "{name: note, logicalType: text}", ["orders.odcs.yaml:11:35 value.not_allowed"]),
    "column: no type": (CONTRACT, NOTE, "{name: note}", ["orders.odcs.yaml:11:9 odcs.unknown_type"]),
    "column: type that is not stored": (
        CONTRACT, NOTE, "{name: note, logicalType: vector}", ["orders.odcs.yaml:11:35 odcs.unknown_type"]),
    "column: impossible decimal": (
        CONTRACT, "decimal(12,2)", "decimal(50,2)", ["orders.odcs.yaml:10:59 odcs.unknown_type"]),
    "column: unknown physical type alone": (
        CONTRACT, NOTE, "{name: note, physicalType: geometry}", ["orders.odcs.yaml:11:36 odcs.unknown_type"]),
    "column: physical type of another system": (
        CONTRACT, NOTE, "{name: note, logicalType: string, physicalType: VARCHAR2}",
        ["orders.odcs.yaml:11:57 odcs.unknown_type"]),
    "column: types at odds": (
        CONTRACT, NOTE, "{name: note, logicalType: date, physicalType: varchar}",
        ["orders.odcs.yaml:11:55 odcs.type_differs"]),
    "column: array of nothing": (
        CONTRACT, NOTE, "{name: note, logicalType: array}", ["orders.odcs.yaml:11:9 odcs.unknown_type"]),
    "column: struct of nothing": (
        CONTRACT, NOTE, "{name: note, logicalType: object}", ["orders.odcs.yaml:11:9 odcs.no_columns"]),
    "column: promise inside a struct": (
        CONTRACT, NOTE,
        "{name: note, logicalType: object, properties: [{name: a, logicalType: string, required: true}]}",
        ["orders.odcs.yaml:11:87 odcs.not_checked"]),
    "column: twice but for case": (
        CONTRACT, "{name: note,", "{name: ID,", ["orders.odcs.yaml:11:16 odcs.duplicate_column"]),
    "column: dot in a name": (CONTRACT, "{name: note,", "{name: a.b,", ["orders.odcs.yaml:11:16 odcs.bad_column_name"]),
    "column: reserved name": (
        CONTRACT, "{name: note,", "{name: ghala_rules,", ["orders.odcs.yaml:11:16 odcs.bad_column_name"]),
    "column: empty name": (CONTRACT, "{name: note,", "{name: '',", ["orders.odcs.yaml:11:16 odcs.bad_column_name"]),
    "column: two key positions alike": (
        CONTRACT, ID + "\n      - " + AMOUNT,
        ("{name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: amount, logicalType: number, primaryKey: true, primaryKeyPosition: 1}"),
        ["orders.odcs.yaml:10:83 odcs.key_position"]),
    "column: key positions unknown": (
        CONTRACT, ID + "\n      - " + AMOUNT,
        ("{name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: amount, logicalType: number, primaryKey: true}"),
        ["orders.odcs.yaml:10:57 odcs.key_position"]),
    # constraints
    "enum: number among texts": (
        CONTRACT, NOTE, "{name: note, logicalType: string, enum: [{value: a}, {value: 007}]}",
        ["orders.odcs.yaml:11:70 odcs.bad_value"]),
    "enum: text among numbers": (
        CONTRACT, ID, "{name: id, logicalType: integer, enum: [1, two]}", ["orders.odcs.yaml:9:52 odcs.bad_value"]),
    "enum: value twice": (
        CONTRACT, NOTE, "{name: note, logicalType: string, enum: [a, a]}",
        ["orders.odcs.yaml:11:53 value.not_allowed"]),
    "enum: empty": (
        CONTRACT, NOTE, "{name: note, logicalType: string, enum: []}", ["orders.odcs.yaml:11:49 value.not_allowed"]),
    "range: bound of a text": (
        CONTRACT, NOTE, NOTE_OPTIONS % "minimum: 1",
        ["orders.odcs.yaml:11:64 key.unknown", "orders.odcs.yaml:11:64 odcs.bad_bound"]),
    "range: too many places": (
        CONTRACT, AMOUNT, AMOUNT_OPTIONS % "minimum: 0.005", ["orders.odcs.yaml:10:106 odcs.bad_bound"]),
    "range: beyond 64 bits": (
        CONTRACT, ID, ID_OPTIONS % "maximum: 9223372036854775808", ["orders.odcs.yaml:9:72 odcs.bad_bound"]),
    "range: a text as a bound": (
        CONTRACT, ID, ID_OPTIONS % "maximum: high",
        ["orders.odcs.yaml:9:72 odcs.bad_bound", "orders.odcs.yaml:9:72 value.wrong_type"]),
    "range: nothing is between": (
        CONTRACT, ID, ID_OPTIONS % "minimum: 3, maximum: 2", ["orders.odcs.yaml:9:84 odcs.bad_bound"]),
    "range: nothing is between two open bounds": (
        CONTRACT, ID, ID_OPTIONS % "minimum: 3, exclusiveMaximum: 3", ["orders.odcs.yaml:9:93 odcs.bad_bound"]),
    "range: day that does not exist": (
        CONTRACT, NOTE, "{name: note, logicalType: date, logicalTypeOptions: {minimum: '2026-02-30'}}",
        ["orders.odcs.yaml:11:71 odcs.bad_bound"]),
    "range: bound without time zone": (
        CONTRACT, NOTE,
        "{name: note, logicalType: timestamp, logicalTypeOptions: {timezone: true, minimum: '2026-01-01T00:00:00'}}",
        ["orders.odcs.yaml:11:92 odcs.bad_bound"]),
    "range: not checked": (
        CONTRACT, ID, ID_OPTIONS % "multipleOf: 5", ["orders.odcs.yaml:9:63 odcs.not_checked"]),
    "length: nothing is between": (
        CONTRACT, NOTE, NOTE_OPTIONS % "minLength: 3, maxLength: 2", ["orders.odcs.yaml:11:89 odcs.bad_bound"]),
    "length: negative": (
        CONTRACT, NOTE, NOTE_OPTIONS % "minLength: -1", ["orders.odcs.yaml:11:75 value.not_allowed"]),
    "length: of a uuid": (
        CONTRACT, NOTE, "{name: note, logicalType: string, physicalType: uuid, logicalTypeOptions: {minLength: 1}}",
        ["orders.odcs.yaml:11:84 odcs.bad_bound"]),
    "pattern: unclosed": (CONTRACT, NOTE, NOTE_OPTIONS % "pattern: '[a'", ["orders.odcs.yaml:11:73 odcs.bad_pattern"]),
    "pattern: look-ahead": (
        CONTRACT, NOTE, NOTE_OPTIONS % "pattern: '(?=a)b'", ["orders.odcs.yaml:11:73 odcs.bad_pattern"]),
    "pattern: look-behind": (
        CONTRACT, NOTE, NOTE_OPTIONS % "pattern: '(?<!a)b'", ["orders.odcs.yaml:11:73 odcs.bad_pattern"]),
    "pattern: back-reference": (
        CONTRACT, NOTE, NOTE_OPTIONS % r"pattern: '(a)\1'", ["orders.odcs.yaml:11:73 odcs.bad_pattern"]),
    "pattern: far too many repeats": (
        CONTRACT, NOTE, NOTE_OPTIONS % "pattern: 'a{1000000}'", ["orders.odcs.yaml:11:73 odcs.bad_pattern"]),
    "pattern: of a number": (
        CONTRACT, ID, "{name: id, physicalType: bigint, logicalTypeOptions: {pattern: a}}",
        ["orders.odcs.yaml:9:72 odcs.bad_pattern"]),
    "pattern: of a number in a quality rule": (
        CONTRACT, ID,
        "{name: id, logicalType: integer, quality: [{metric: invalidValues, arguments: {pattern: a}, mustBe: 0}]}",
        ["orders.odcs.yaml:9:97 odcs.bad_pattern"]),
    "enum: nothing but nothing": (
        CONTRACT, NOTE, "{name: note, logicalType: string, enum: [{value: null}]}",
        ["orders.odcs.yaml:11:58 odcs.bad_value"]),
    "key: a list": (
        CONTRACT, NOTE, "{name: note, logicalType: array, items: {logicalType: string}, unique: true}",
        ["orders.odcs.yaml:11:80 odcs.bad_key"]),
    "key: a list in a quality rule": (
        CONTRACT, NOTE,
        ("{name: note, logicalType: array, items: {logicalType: string}}\n    quality:\n"
        "      - {metric: duplicateValues, arguments: {properties: [id, note]}, mustBe: 0}"),
        ["orders.odcs.yaml:13:64 odcs.bad_key"]),
    "format is not checked": (
        CONTRACT, NOTE, NOTE_OPTIONS % "format: email", ["orders.odcs.yaml:11:64 odcs.not_checked"]),
    # quality rules
    "rule: no operator": (CONTRACT, QUALITY, rule("metric: rowCount"), ["orders.odcs.yaml:13:9 odcs.operator"]),
    "rule: two operators": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBe: 1, mustNotBe: 2"), ["orders.odcs.yaml:13:39 odcs.operator"]),
    "rule: operator without a number": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBe: many"), ["orders.odcs.yaml:13:36 odcs.operator"]),
    "rule: between one number": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBeBetween: [1]"), ["orders.odcs.yaml:13:43 odcs.operator"]),
    "rule: between turned round": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBeBetween: [2, 1]"), ["orders.odcs.yaml:13:43 odcs.operator"]),
    "rule: not a number at all": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBe: .nan"), ["orders.odcs.yaml:13:36 odcs.operator"]),
    "rule: share of the rows": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBe: 1, unit: percent"),
        ["orders.odcs.yaml:13:45 odcs.operator"]),
    "rule: unknown unit": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBe: 1, unit: kg"), ["orders.odcs.yaml:13:45 value.not_allowed"]),
    "rule: unknown metric": (
        CONTRACT, QUALITY, rule("metric: rowcount, mustBe: 1"), ["orders.odcs.yaml:13:18 value.not_allowed"]),
    "rule: no metric": (CONTRACT, QUALITY, rule("type: library, mustBe: 1"), ["orders.odcs.yaml:13:9 key.missing"]),
    "rule: unknown type": (
        CONTRACT, QUALITY, rule("type: sqll, query: x, mustBe: 1"), ["orders.odcs.yaml:13:16 value.not_allowed"]),
    "rule: unknown severity": (
        CONTRACT, QUALITY, rule("metric: rowCount, mustBe: 1, severity: fatal"),
        ["orders.odcs.yaml:13:49 value.not_allowed"]),
    "rule: metric that needs a column": (
        CONTRACT, QUALITY, rule("metric: nullValues, mustBe: 0"), ["orders.odcs.yaml:13:9 odcs.unknown_column"]),
    "rule: duplicates of a column that is not there": (
        CONTRACT, QUALITY, rule("metric: duplicateValues, arguments: {properties: [id, nme]}, mustBe: 0"),
        ["orders.odcs.yaml:13:64 odcs.unknown_column"]),
    "rule: no query": (CONTRACT, QUALITY, rule("type: sql, mustBe: 0"), ["orders.odcs.yaml:13:9 odcs.query"]),
    "rule: unknown placeholder": (
        CONTRACT, QUALITY, rule("type: sql, mustBe: 0, query: 'SELECT count(*) FROM ${table}'"),
        ["orders.odcs.yaml:13:39 odcs.query"]),
    "rule: column placeholder of the dataset": (
        CONTRACT, QUALITY, rule("type: sql, mustBe: 0, query: 'SELECT ${property} FROM ${object}'"),
        ["orders.odcs.yaml:13:39 odcs.query"]),
    "rule: of another engine": (
        CONTRACT, QUALITY, rule("type: custom, engine: soda, implementation: x"),
        ["orders.odcs.yaml:13:16 odcs.not_checked"]),
    "rule: two with one id": (
        CONTRACT, QUALITY,
        rule("id: a, metric: rowCount, mustBe: 1") + "      - {id: a, metric: rowCount, mustBe: 1}\n",
        ["orders.odcs.yaml:14:14 odcs.duplicate_rule"]),
    "rule: id that is taken by the key": (
        CONTRACT, QUALITY,
        ("      - {name: note, logicalType: string, primaryKey: true}\n    quality:\n"
        "      - {id: primary_key, metric: rowCount, mustBe: 1}\n"),
        ["orders.odcs.yaml:13:14 odcs.duplicate_rule"]),
    "rule: quarantine of the whole": (
        CONTRACT, QUALITY,
        rule("metric: rowCount, mustBe: 1, customProperties: [{property: ghala.onFail, value: quarantine}]"),
        ["orders.odcs.yaml:13:90 odcs.on_fail"]),
    "custom: unknown way to fail": (
        CONTRACT, NOTE,
        "{name: note, logicalType: string, customProperties: [{property: ghala.onFail, value: drop}]}",
        ["orders.odcs.yaml:11:94 value.not_allowed"]),
    "custom: misspelt property": (
        CONTRACT, NOTE,
        "{name: note, logicalType: string, customProperties: [{property: ghala.onfail, value: block}]}",
        ["orders.odcs.yaml:11:73 odcs.unknown_custom"]),
    "custom: rounding of a text": (
        CONTRACT, NOTE,
        "{name: note, logicalType: string, customProperties: [{property: ghala.rounding, value: half_up}]}",
        ["orders.odcs.yaml:11:96 value.not_allowed"]),
    # pipeline.yaml
    "pipeline: unknown key": (PIPELINE, "steps:", "stepps:", [
        "orders.odcs.yaml:7:11 pipeline.dataset_not_made", "pipeline.yaml:1:1 key.missing",
        "pipeline.yaml:6:1 key.unknown"]),
    "pipeline: source called like a keyword": (
        PIPELINE, "  export:", "  both:", ["pipeline.yaml:2:3 name.invalid"]),
    "pipeline: bad source name": (PIPELINE, "  export:", "  Export:", ["pipeline.yaml:2:3 name.invalid"]),
    "source: no type": (PIPELINE, "    type: csv\n", "", ["pipeline.yaml:3:5 key.missing"]),
    "source: a text": (
        PIPELINE, "sources:\n", "sources:\n  other: x.csv\n",
        ["pipeline.yaml:2:3 pipeline.no_columns", "pipeline.yaml:2:10 value.wrong_type"]),
    "source: unknown column type": (PIPELINE, "id: bigint", "id: number", ["pipeline.yaml:5:19 odcs.unknown_type"]),
    "source: unknown key of a column": (
        PIPELINE, "id: bigint", "id: {type: bigint, form: x}", ["pipeline.yaml:5:34 key.unknown"]),
    "source: column without type": (PIPELINE, "id: bigint", "id: {from: x}", ["pipeline.yaml:5:19 key.missing"]),
    "source: bad rounding": (
        PIPELINE, "id: bigint", "id: {type: bigint, rounding: up}", ["pipeline.yaml:5:44 value.not_allowed"]),
    "source: no columns": (
        PIPELINE, '    columns: {id: bigint, amount: "decimal(12,2)", note: varchar}\n', "",
        ["pipeline.yaml:2:3 pipeline.no_columns"]),
    "step: no name": (PIPELINE, "- name: orders\n    sql", "- sql", ["pipeline.yaml:7:5 key.missing"]),
    "step: called like a keyword": (
        PIPELINE, "- name: orders", "- name: order", ["pipeline.yaml:7:11 name.invalid"]),
    "step: bad name": (PIPELINE, "- name: orders", "- name: Orders", ["pipeline.yaml:7:11 name.invalid"]),
    "step: name of a source": (PIPELINE, "- name: orders", "- name: export", ["pipeline.yaml:7:11 name.taken"]),
    "step: unknown key": (PIPELINE, "    dataset: orders", "    dataset: orders\n    on_fial: block",
        ["pipeline.yaml:10:5 key.unknown"]),
    "step: neither source nor SQL": (
        PIPELINE, "    sql: transforms/orders.sql\n", "", ["pipeline.yaml:7:5 pipeline.step_kind"]),
    "step: both source and SQL": (
        PIPELINE, "    sql:", "    source: export\n    sql:", ["pipeline.yaml:7:5 pipeline.step_kind"]),
    "step: unknown source": (
        PIPELINE, "sql: transforms/orders.sql", "source: exprt",
        ["pipeline.yaml:8:13 pipeline.unknown_source"]),
    "step: source without dataset": (
        PIPELINE, "steps:", "steps:\n  - {name: more, source: export}", ["pipeline.yaml:7:5 pipeline.step_kind"]),
    "step: unknown dataset": (
        PIPELINE, "dataset: orders", "dataset: order",
        ["orders.odcs.yaml:7:11 pipeline.dataset_not_made", "pipeline.yaml:9:14 pipeline.unknown_dataset"]),
    "step: dataset with its domain": (
        PIPELINE, "dataset: orders", "dataset: sales.orders",
        ["orders.odcs.yaml:7:11 pipeline.dataset_not_made", "pipeline.yaml:9:14 pipeline.unknown_dataset"]),
    "step: unknown materialisation": (
        PIPELINE, "dataset: orders", "dataset: orders\n    materialisation: merge",
        ["pipeline.yaml:10:22 value.not_allowed"]),
    "step: on_fail of a helper": (
        PIPELINE, "steps:", "steps:\n  - {name: more, sql: transforms/orders.sql, on_fail: block}",
        ["pipeline.yaml:7:46 pipeline.step_kind"]),
    "step: two of one name": (
        PIPELINE, "steps:", "steps:\n  - {name: orders, sql: transforms/orders.sql}",
        ["pipeline.yaml:8:11 name.taken"]),
    "step: two for one dataset": (
        PIPELINE, "steps:", "steps:\n  - {name: more, sql: transforms/orders.sql, dataset: orders}",
        ["pipeline.yaml:8:11 pipeline.dataset_made_twice"]),
    "step: SQL above the folder": (
        PIPELINE, "transforms/orders.sql", "../orders.sql", ["pipeline.yaml:8:10 pipeline.bad_path"]),
    "step: SQL anywhere": (PIPELINE, "transforms/orders.sql", "/etc/x.sql", ["pipeline.yaml:8:10 pipeline.bad_path"]),
    "step: SQL that is not there": (
        PIPELINE, "transforms/orders.sql", "transforms/order.sql", ["pipeline.yaml:8:10 pipeline.bad_path"]),
    "step: SQL in another kind of file": (
        PIPELINE, "transforms/orders.sql", "pipeline.yaml", ["pipeline.yaml:8:10 pipeline.bad_path"]),
    "landing: column not promised": (
        PIPELINE, ('columns: {id: bigint, amount: "decimal(12,2)", note: varchar}\nsteps:\n  - name: orders\n'
        "    sql: transforms/orders.sql"),
        ('columns: {id: bigint, amount: "decimal(12,2)", note: varchar, nte: varchar}\nsteps:\n  - name: orders\n'
        "    source: export"),
        ["pipeline.yaml:5:67 pipeline.column_unknown"]),
    "landing: column missing": (
        PIPELINE, ('columns: {id: bigint, amount: "decimal(12,2)", note: varchar}\nsteps:\n  - name: orders\n'
        "    sql: transforms/orders.sql"),
        "columns: {id: bigint, note: varchar}\nsteps:\n  - name: orders\n    source: export",
        ["pipeline.yaml:5:14 pipeline.column_missing"]),
    "landing: column of another type": (
        PIPELINE, ('columns: {id: bigint, amount: "decimal(12,2)", note: varchar}\nsteps:\n  - name: orders\n'
        "    sql: transforms/orders.sql"),
        "columns: {id: varchar, amount: {from: Betrag}, note: varchar}\nsteps:\n  - name: orders\n    source: export",
        ["pipeline.yaml:5:19 pipeline.column_type"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_found_at_its_place(folder, case):
    file, old, new, expected = case
    folder.change(file, old, new)
    assert sorted(folder.found()) == sorted(expected)


def test_the_workspace_without_a_mistake_has_no_finding(folder):
    assert folder.lint() == ()


def test_all_findings_of_all_files_come_at_once(folder):
    folder.change(SETTINGS, "zones:", "zone:")
    folder.change(DOMAIN, "owner:", "ownr:")
    folder.change(CONTRACT, "logicalType: integer", "logicalType: int")
    folder.write(PIPELINE, "steps: [")
    files = {found.place.file for found in folder.lint()}
    assert files == {SETTINGS, DOMAIN, CONTRACT, PIPELINE}
