/** The version of the API whose shapes are rendered: that of the pinned SDK. Any other may be asked for. */
export const apiVersion = "2026-10-28.endive";
