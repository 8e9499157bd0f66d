import { names } from './names'
import { shell } from './shell'
import { registers } from './registers'

export const words = { ...shell, ...names, ...registers }
