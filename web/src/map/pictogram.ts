import {
  Church,
  Drama,
  Dumbbell,
  GraduationCap,
  Hospital,
  type IconNode,
  Landmark,
  MapPin,
  ShoppingBasket,
} from "lucide";
import { colour } from "./colour";

// Codes of the landmarks of BD TOPO and DGFiP; all others get a pin.
const byType: Record<string, IconNode> = {
  ADM: Landmark,
  ENS: GraduationCap,
  SPO: Dumbbell,
  CUL: Drama,
  REL: Church,
  SAN: Hospital,
  COM: ShoppingBasket,
};

const paths = new Map<string, Path2D>();

/** The outline of a lucide icon, in its own square of 24. */
function outline(type: string): Path2D {
  const known = paths.get(type);
  if (known) return known;
  const path = new Path2D();
  for (const [tag, attributes] of byType[type] ?? MapPin) {
    const number = (name: string) => Number(attributes[name] ?? 0);
    if (tag === "path") path.addPath(new Path2D(String(attributes.d)));
    else if (tag === "circle") {
      const circle = new Path2D();
      circle.arc(number("cx"), number("cy"), number("r"), 0, 2 * Math.PI);
      path.addPath(circle);
    } else if (tag === "rect") {
      const rect = new Path2D();
      rect.rect(number("x"), number("y"), number("width"), number("height"));
      path.addPath(rect);
    } else if (tag === "line") {
      const line = new Path2D();
      line.moveTo(number("x1"), number("y1"));
      line.lineTo(number("x2"), number("y2"));
      path.addPath(line);
    }
  }
  paths.set(type, path);
  return path;
}

/** A white icon on a disc of the given radius (CSS pixels) around the origin. */
export function drawPictogram(
  context: CanvasRenderingContext2D,
  type: string,
  radius: number,
): void {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fillStyle = colour.landmarkInk;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = "#ffffff";
  context.stroke();
  context.save();
  const scale = (radius * 1.3) / 24;
  context.scale(scale, scale);
  context.translate(-12, -12);
  context.lineWidth = 2.4;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.stroke(outline(type));
  context.restore();
}
