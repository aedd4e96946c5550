#pragma once

/// What callgrind counts the instructions of: one operation, `rounds` times.
/// Each scenario is prepared before, and runs on this thread alone.
class scenario {
public:
  virtual ~scenario() = default;

  /// False when an operation did not do what it should have done.
  virtual bool run(int rounds) = 0;
};
