"""The passes from a picture to its plan, in the order of `compile.PASSES`; each takes a Draft and gives one."""
