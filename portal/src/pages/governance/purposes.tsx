import { useQuery } from "@tanstack/react-query";
import { purposesQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { hasText, t } from "@/i18n/texts";
import { Badge } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { Table } from "@/ui/table";

/** The closed list of what data may be used for. */
export function Purposes() {
  const purposes = useQuery(purposesQuery);
  const { purpose } = useSession();
  return (
    <Loaded query={purposes}>
      {(found) => (
        <>
          <p className="mb-3 max-w-[80ch] text-sm text-ink-2">{t("governance.purposesLead")}</p>
          <Panel isFlush>
            <Table
              label={t("governance.tab.purposes")}
              rows={found}
              rowKey={(one) => one.name}
              columns={[
                {
                  id: "name",
                  head: t("governance.purpose"),
                  value: (one) => one.name,
                  cell: (one) => (
                    <div>
                      <span className="flex flex-wrap items-center gap-2 font-medium">
                        {one.name}
                        {one.name === purpose ? (
                          <Badge tone="info">{t("governance.yourPurpose")}</Badge>
                        ) : null}
                      </span>
                      <p className="text-ink-2">{one.description}</p>
                    </div>
                  ),
                },
                {
                  id: "basis",
                  head: t("governance.legalBasis"),
                  value: (one) => one.legal_basis,
                  cell: (one) => legalBasis(one.legal_basis),
                },
                {
                  id: "retention",
                  head: t("governance.retention"),
                  isNumber: true,
                  value: (one) => one.retention_days,
                  cell: (one) => t("governance.daysOf", { count: one.retention_days }),
                  hiddenBelow: "sm",
                },
              ]}
            />
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function legalBasis(name: string): string {
  const key = `governance.basis.${name}`;
  return hasText(key) ? t(key) : name.replaceAll("_", " ");
}
