import { render, type SVGTemplateResult, svg } from "lit";
import { colour } from "../map/colour";

/** A drawing that is not on the page. */
export function drawn(width: number, height: number, content: SVGTemplateResult, label = "") {
  const holder = document.createElement("div");
  render(svg`<svg viewBox="0 0 ${width} ${height}" data-label=${label}>${content}</svg>`, holder);
  return holder.querySelector("svg") as SVGSVGElement;
}

/** What a saved picture rests on, in sentences of the page. */
export interface Caption {
  readonly title: string;
  readonly lines: readonly string[];
}

const SVG = "http://www.w3.org/2000/svg";
const FONT = "'Atkinson Hyperlegible', Verdana, sans-serif";
const LINE = 17;
const PADDING = 16;

/** Breaks a text into lines of at most `characters`; a longer word stays whole. */
export function wrap(text: string, characters: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    if (line && line.length + 1 + word.length > characters) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) lines.push(line);
  return lines;
}

/**
 * A copy of charts, one under the other, as one picture that stands alone: white
 * ground, title on top, and below what the numbers rest on. Charts carry their
 * looks in attributes, so nothing of the page's style is needed.
 */
export function standalone(charts: readonly SVGSVGElement[], caption: Caption): SVGSVGElement {
  const sizes = charts.map((chart) => {
    const { width, height } = chart.viewBox.baseVal;
    return { width, height };
  });
  const inner = Math.max(480, ...sizes.map((size) => size.width));
  const width = inner + 2 * PADDING;
  const title = wrap(caption.title, Math.floor(inner / 11));
  const lines = caption.lines.flatMap((line) => wrap(line, Math.floor(inner / 6.6)));
  const picture = document.createElementNS(SVG, "svg");
  const add = (name: string, attributes: Readonly<Record<string, string | number>>, text = "") => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text) element.textContent = text;
    picture.append(element);
    return element;
  };
  const ground = add("rect", { x: 0, y: 0, width: "100%", height: "100%", fill: colour.paper });
  let y = PADDING;
  for (const line of title) {
    y += 22;
    add(
      "text",
      { x: PADDING, y, "font-family": FONT, "font-size": 18, "font-weight": 700, fill: colour.ink },
      line,
    );
  }
  y += PADDING;
  charts.forEach((chart, i) => {
    const size = sizes[i] ?? { width: 0, height: 0 };
    const { label } = chart.dataset;
    if (label) {
      y += LINE;
      add(
        "text",
        {
          x: PADDING,
          y,
          "font-family": FONT,
          "font-size": 14,
          "font-weight": 700,
          fill: colour.ink,
        },
        label,
      );
      y += 6;
    }
    const place = { x: PADDING, y, width: size.width, height: size.height };
    const copy = chart.cloneNode(true) as SVGSVGElement;
    for (const name of ["class", "style", "role", "aria-label", "tabindex"])
      copy.removeAttribute(name);
    for (const [key, value] of Object.entries(place)) copy.setAttribute(key, String(value));
    picture.append(copy);
    y += size.height + 10;
  });
  y += 6;
  for (const line of lines) {
    y += LINE;
    add(
      "text",
      { x: PADDING, y, "font-family": FONT, "font-size": 12.5, fill: colour.muted },
      line,
    );
  }
  y += PADDING;
  picture.setAttribute("xmlns", SVG);
  picture.setAttribute("viewBox", `0 0 ${width} ${y}`);
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(y));
  ground.setAttribute("height", String(y));
  // Lit marks where its values are with comments: no reader of the file needs them.
  const walker = document.createTreeWalker(picture, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.parentNode?.removeChild(comment);
  return picture;
}

/** The file of a picture. */
export function svgText(picture: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}`;
}

/** The picture as PNG at twice its size, for slides and paper. */
export async function pngOf(picture: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svgText(picture)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(image.naturalWidth * 2);
    canvas.height = Math.ceil(image.naturalHeight * 2);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("no picture"))),
        "image/png",
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Hands a file to the person. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
