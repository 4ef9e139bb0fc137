// All pages: one line each. What is not in this list is not in the portal, nor in its navigation.
import * as catalog from "@/pages/catalog/route";
import * as dataset from "@/pages/dataset/route";
import * as first from "@/pages/first/route";
import * as home from "@/pages/home/route";
import * as product from "@/pages/product/route";
import * as quality from "@/pages/quality/route";
import * as signIn from "@/pages/sign-in/route";

/** Pages for whoever is signed in, in the order of the navigation. */
export const PAGES = [home.page, catalog.page, product.page, dataset.page, quality.page] as const;

/** Pages for everybody. */
export const OPEN_PAGES = [signIn.page, first.page] as const;
