/** Drawings of 20 by 20, in the colour of their text. */
const paths = {
  chip: 'M4 2h8l4 4v12H4zM7 9h6v6H7zM7 12h6M10 9v6',
  help: 'M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.5v.1M10 2a8 8 0 1 0 .1 0',
  alert: 'M10 3 2.5 16.5h15zM10 8v4M10 14v.1',
  sun: 'M10 6.5a3.5 3.5 0 1 0 .1 0M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16',
  moon: 'M16 12.5A7 7 0 0 1 7.5 4a6.5 6.5 0 1 0 8.5 8.5z',
  auto: 'M10 2.5a7.5 7.5 0 1 0 .1 0M10 2.5v15M10 5l5 2.5M10 9l7 2M10 13l6 1.5',
  wide: 'M3 4h14v12H3zM10 4v12M8 10H5.500M6.500 8.500 5 10l1.500 1.500M12 10h2.500M13.500 8.500 15 10l-1.500 1.500',
  close: 'M4.5 4.5l11 11M15.5 4.5l-11 11',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  fleet: 'M3 4h14M3 8h14M3 12h14M3 16h14',
  timeline: 'M4 2v16M10 2v16M16 2v16M4 6h6M8.500 4.500 10 6 8.500 7.500M16 13h-6M11.500 11.500 10 13l1.500 1.500',
  card: 'M4 2h8l4 4v12H4zM7 9h6v6H7z',
  faults: 'M11 2 4 11h5l-1 7 8-10h-5z',
  act: 'M5 3.500v13l11-6.500z',
  conformance: 'M3 10.500l4.500 4.500L17 5',
  run: 'M10 3v9M6.500 9 10 12.500 13.500 9M3.500 16.500h13',
  follow: 'M4 4a2 2 0 1 0 .1 0M16 14a2 2 0 1 0 .1 0M6 6h6a3 3 0 0 1 0 6H8a3 3 0 0 0 0 6h6',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
    <path
      d={paths[name]}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)
