/** A surface in classes, laid over a map: what the server spreads, as a picture. */
import type { Schemas } from "../api";
import type { Extent } from "../units";
import { densityRamp } from "./police-legend";

/** One class per cell, row by row from the north-west corner. */
export interface Picture {
  readonly extent: Extent;
  readonly columns: number;
  readonly rows: number;
  readonly classes: Uint8Array;
  /** Colours of the classes 1, 2, …; class 0 is left without colour. */
  readonly colours: readonly string[];
}

export function pictureOf(surface: Schemas["DensitySurface"], felt: boolean): Picture {
  return {
    extent: surface.bounds as [number, number, number, number],
    columns: surface.columns,
    rows: surface.rows,
    classes: Uint8Array.from(atob(surface.classes), (one) => one.charCodeAt(0)),
    colours: densityRamp(felt),
  };
}

/** The picture as the address of an image, one pixel a cell. */
export function imageOf({ columns, rows, classes, colours }: Picture): string {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  colours.forEach((fill, i) => {
    if (!context) return;
    context.fillStyle = fill;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (classes[row * columns + column] === i + 1) context.fillRect(column, row, 1, 1);
      }
    }
  });
  return canvas.toDataURL();
}
