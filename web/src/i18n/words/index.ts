import { names } from './names'
import { application } from './application'
import { matter } from './matter'
import { shell } from './shell'
import { states } from './states'
import { registers } from './registers'

export const words = { ...shell, ...names, ...registers, ...matter, ...application, ...states }
