import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), tailwind()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: {
    target: "es2022",
    // The pages load nothing from `data:`, fonts in particular.
    assetsInlineLimit: 0,
    // elkjs, which comes only with the pages that draw a graph.
    chunkSizeWarningLimit: 1600,
    sourcemap: false,
    // A page names what it needs itself; the entry need not know it for all of them.
    modulePreload: {
      resolveDependencies: (_file, parts, { hostType }) => (hostType === "html" ? parts : []),
    },
    // What draws for ECharts is a part of its own, so that no part is large; what every page's address holds is one
    // part, so that the entry is not a hundred.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "zrender", test: /node_modules\/zrender\// },
            {
              name: "addresses",
              test: /src\/(pages\/[^/]+\/(search|route)|lib\/(address|links)|app\/pages?)\.tsx?$/,
            },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    // `ghala up` beside it; its address as the server knows itself, since it takes no other.
    proxy: {
      "/api": {
        target: "http://127.0.0.1:8321",
        changeOrigin: true,
        headers: { origin: "http://127.0.0.1:8321" },
      },
    },
  },
});
