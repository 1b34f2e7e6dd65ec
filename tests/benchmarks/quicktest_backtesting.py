"""Runs in backtesting's environment: SMA 10/30 crossover, 5 % stop, costs, on a folder's prices; prints seconds."""

import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy  # type: ignore[import-not-found]
from backtesting.lib import crossover  # type: ignore[import-not-found]

CLOCK = time.process_time if os.environ.get("BENCHMARK_CLOCK") == "processor" else time.perf_counter


def mean(values: np.ndarray, period: int) -> np.ndarray:
    return pd.Series(values).rolling(period).mean().to_numpy()


class Crossover(Strategy):  # type: ignore[misc]
    fast = 10

    def init(self) -> None:
        self.quick = self.I(mean, self.data.Close, self.fast)
        self.slow = self.I(mean, self.data.Close, 30)

    def next(self) -> None:
        if crossover(self.quick, self.slow) and not self.position:
            self.buy(sl=self.data.Close[-1] * 0.95)
        elif crossover(self.slow, self.quick):
            self.position.close()


def main(folder: str, rounds: int) -> None:
    warnings.simplefilter("ignore")
    data = np.load(Path(folder) / "prices.npz")
    index = pd.DatetimeIndex(data["times"].view("datetime64[ns]"))
    frames = []
    for column in range(data["close"].shape[1]):
        frame = pd.DataFrame({name.title(): data[name][:, column] for name in ("open", "high", "low", "close")}, index)
        frames.append(frame.assign(Volume=1e6))

    def run(frame: pd.DataFrame, fast: int) -> None:
        test = Backtest(frame, Crossover, cash=1e6, commission=0.001, spread=0.0005, finalize_trades=True)
        test.run(fast=fast)

    run(frames[0][:500], 9)
    seconds = []
    for number in range(rounds):
        begun = CLOCK()
        for frame in frames:
            run(frame, 10 + number % 5)
        seconds.append(CLOCK() - begun)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
