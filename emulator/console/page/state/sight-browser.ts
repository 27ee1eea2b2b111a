import { type RefObject, useEffect, useRef } from 'react'

export const isNarrow = (): boolean => matchMedia('(max-width: 760px)').matches

/** For what is drawn below its choices on a narrow screen: comes into sight when it is there. */
export function useSight<E extends HTMLElement>(): RefObject<E | null> {
  const element = useRef<E>(null)
  useEffect(() => {
    if (isNarrow()) element.current?.scrollIntoView({ block: 'start' })
  }, [])
  return element
}
