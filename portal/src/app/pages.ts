// All pages: one line each. What is not in this list is not in the portal, nor in its navigation.
import * as account from "@/pages/account/route";
import * as agreements from "@/pages/agreements/route";
import * as catalog from "@/pages/catalog/route";
import * as dataset from "@/pages/dataset/route";
import * as decide from "@/pages/decide/route";
import * as demand from "@/pages/demand/route";
import * as first from "@/pages/first/route";
import * as glossary from "@/pages/glossary/route";
import * as governance from "@/pages/governance/route";
import * as home from "@/pages/home/route";
import * as learn from "@/pages/learn/route";
import * as lineage from "@/pages/lineage/route";
import * as notifications from "@/pages/notifications/route";
import * as people from "@/pages/people/route";
import * as product from "@/pages/product/route";
import * as quality from "@/pages/quality/route";
import * as quarantine from "@/pages/quarantine/route";
import * as release from "@/pages/release/route";
import * as requests from "@/pages/requests/route";
import * as run from "@/pages/run/route";
import * as runs from "@/pages/runs/route";
import * as settings from "@/pages/settings/route";
import * as signIn from "@/pages/sign-in/route";
import * as sql from "@/pages/sql/route";
import * as tickets from "@/pages/tickets/route";

/** Pages for whoever is signed in, in the order of the navigation. */
export const PAGES = [
  home.page,
  catalog.page,
  product.page,
  dataset.page,
  glossary.page,
  sql.page,
  lineage.page,
  requests.page,
  agreements.page,
  decide.page,
  runs.page,
  run.page,
  release.page,
  quarantine.page,
  quality.page,
  governance.page,
  notifications.page,
  people.page,
  account.page,
  learn.page,
  demand.page,
  tickets.page,
  settings.page,
] as const;

/** Pages for everybody. */
export const OPEN_PAGES = [signIn.page, first.page] as const;
