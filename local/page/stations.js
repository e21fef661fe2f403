/** The way of a message, station by station, as the lane draws it. */
export const STATIONS = [
  { kind: 'webhook', label: 'Webhook', icon: ['M5 12h12', 'M12 6l6 6-6 6'] },
  { kind: 'accepted', label: 'Accepted', icon: ['M5 12.5l4.5 4.5L19 7.5'] },
  { kind: 'queue', label: 'Queue', icon: ['M5 7h14', 'M5 12h14', 'M5 17h9'] },
  { kind: 'turn', label: 'Turn', icon: ['M18 8a7 7 0 1 0 1 5.5', 'M18.5 4v4.5H14'] },
  {
    kind: 'model',
    label: 'Model',
    icon: ['M12 4l2 5.5L19.5 12L14 14.5L12 20l-2-5.5L4.5 12L10 9.5z'],
  },
  { kind: 'send', label: 'Send', icon: ['M4 12l16-8-5 17-3.5-6.5z'] },
  { kind: 'status', label: 'Status', icon: ['M3 12.5l4 4L15.5 8', 'M11 15.5l1 1L21 8'] },
];

/** Stations beside the way. */
export const OTHER_KINDS = {
  message: { label: 'Customer', icon: ['M5 6h14v10H10l-5 4z'] },
  typing: { label: 'Typing', icon: ['M6 12h.01', 'M12 12h.01', 'M18 12h.01'] },
  fault: { label: 'Fault', icon: ['M13 4L6 13.5h5L10.5 20L18 10.5h-5z'] },
  system: {
    label: 'System',
    icon: ['M12 7.5v5', 'M12 16.2v.3', 'M4.5 12a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0'],
  },
};

export function stationOf(kind) {
  return (
    STATIONS.find((station) => station.kind === kind) ?? OTHER_KINDS[kind] ?? OTHER_KINDS.system
  );
}
