// The course of an incident as one picture that stands alone: colours and letters are in it and nowhere else, so what is
// saved or printed is what is seen.

import type { Ref } from 'react'
import { FONT, type Look, palette } from '../../app/theme'
import { type Course, cut } from './course'

const WIDTH = 760
const ROW = 56
const TOP = 56
const AXIS = 168
const LANE = 14

interface Props {
  course: Course
  title: string
  /** When something happened, and how long after what came before. */
  moment: (at: string) => string
  span: (milliseconds: number) => string
  withheld: string
  look: Look
  ref?: Ref<SVGSVGElement>
}

export function Picture({ course: { rows, bars, lanes }, title, moment, span, withheld, look, ref }: Props) {
  const colours = palette(look)
  const height = TOP + rows.length * ROW + (bars.length > 0 ? 24 : 8)
  const y = (row: number) => TOP + row * ROW
  const words = AXIS + 24 + lanes * LANE
  const room = Math.floor((WIDTH - words) / 7)
  return (
    <svg ref={ref} xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role="img" aria-label={title} className="course" fontFamily={FONT} fontSize={13}>
      <rect width={WIDTH} height={height} fill={colours.raised} />
      <text x={16} y={26} fill={colours.text} fontSize={15} fontWeight={600}>
        {cut(title, 96)}
      </text>
      {rows.length > 1 && <line x1={AXIS} x2={AXIS} y1={y(0)} y2={y(rows.length - 1)} stroke={colours.line} strokeWidth={2} />}
      {bars.map(({ key, from, to, isOpen, lane }) => (
        <rect key={key} x={AXIS + 12 + lane * LANE} y={y(from) - 6} width={8} height={Math.max(12, y(to) - y(from) + 12)} rx={3} fill={colours.bad} opacity={isOpen ? 1 : 0.55} />
      ))}
      {rows.map((row, place) => (
        <g key={row.key}>
          <text x={AXIS - 16} y={y(place) + 4} textAnchor="end" fill={colours.text}>
            {moment(row.at)}
          </text>
          {row.after !== null && row.after > 0 && (
            <text x={AXIS - 16} y={y(place) - ROW / 2 + 6} textAnchor="end" fill={colours.quiet} fontSize={11}>
              {span(row.after)}
            </text>
          )}
          {row.isDue ? (
            <rect x={AXIS - 5} y={y(place) - 5} width={10} height={10} transform={`rotate(45 ${AXIS} ${y(place)})`} fill={colours.warn} />
          ) : (
            <circle cx={AXIS} cy={y(place)} r={5} fill={colours.brand} stroke={colours.raised} strokeWidth={2} />
          )}
          <text x={words} y={y(place) + 4} fill={colours.text}>
            <tspan fontWeight={600}>{cut(row.title, Math.floor(room * 0.6))}</tspan>
            {row.actor && <tspan fill={colours.quiet}>{`  ${cut(row.actor, Math.floor(room * 0.35))}`}</tspan>}
          </text>
          {row.words && (
            <text x={words} y={y(place) + 22} fill={colours.quiet} fontSize={12}>
              {cut(row.words, room)}
            </text>
          )}
        </g>
      ))}
      {bars.length > 0 && (
        <>
          <rect x={16} y={height - 20} width={8} height={12} rx={3} fill={colours.bad} />
          <text x={30} y={height - 10} fill={colours.quiet} fontSize={12}>
            {withheld}
          </text>
        </>
      )}
    </svg>
  )
}
