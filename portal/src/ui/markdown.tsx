import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

/** Markdown of others: no HTML, no pictures from elsewhere, links of the web alone. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="prose-ghala">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        skipHtml
        disallowedElements={["img"]}
        unwrapDisallowed
        components={{
          a: ({ href, children }) => (
            <a href={href} rel="noreferrer noopener" target="_blank">
              {children}
            </a>
          ),
          // The page has its own title.
          h1: ({ children }) => <h2>{children}</h2>,
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
