"""What hands can do on the canvas, one class a gesture.

A gesture is told places on the canvas and answers with a `Preview`; at its end it gives an `Outcome`. It touches
neither window nor flow, so each can be played through in a test with a `Picture` alone.
"""
