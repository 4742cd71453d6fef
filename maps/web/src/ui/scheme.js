/** Whether the page is dark now. */
export function isDark() {
  return document.documentElement.dataset.scheme === "dark";
}

/** Calls `listener` whenever the page turns dark or light; gives the function that ends this. */
export function onScheme(listener) {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-scheme"] });
  return () => observer.disconnect();
}
