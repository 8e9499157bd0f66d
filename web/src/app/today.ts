// Today in this world. The sandbox's clock can be moved, so the platform says what day it is, not the browser.

import { dayText } from '../parts/moment'
import { useSignIn } from './session'

export function useToday(): string {
  return dayText(new Date(useSignIn().now()).toISOString())
}
