/**
 * Loaded before a program (`node --import`): the program goes by the clock whose file DEMO_CLOCK_FILE names. Without it, and
 * in production whatever is set, it does nothing.
 */
import { followDemoClock } from './moved-date.ts';

const { DEMO_CLOCK_FILE: file, NODE_ENV } = process.env;
if (file && NODE_ENV !== 'production') followDemoClock(file);
