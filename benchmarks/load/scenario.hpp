#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connection.hpp"
#include "connection_handler.hpp"
#include "measurement.hpp"
#include "options.hpp"
#include "poller.hpp"
#include "process_usage.hpp"
#include "report.hpp"

namespace flamigo::load {

/// A kind of load: connections, what they do, and what is measured of it. A
/// connection that fails ends the run, because no figure of it would mean what
/// it says.
class scenario : public connection_handler {
public:
  explicit scenario(const options& what);

  /// Makes the whole run. Throws `std::runtime_error` if it cannot be made;
  /// what the server does wrong is in the report.
  report run();

  void opened(connection& who) override;

  void closed(connection& who, std::string_view failure) override;

protected:
  /// Does everything: open, begin, measure, finish.
  virtual void perform() = 0;

  /// Adds to the report what only this kind of load knows.
  virtual void complete(report& out) const = 0;

  /// Opens the connections, a few at a time, and waits for them.
  void open_all();

  /// Warms up, measures for `--seconds`, and sets `finishing_`.
  void measure();

  /// Waits for something, at most so many seconds.
  template <class Predicate>
  bool wait_for(double seconds, Predicate done) {
    auto deadline = after(seconds);
    while (!done()) {
      if (poll_.now() >= deadline || failed_)
        return false;
      poll_.turn(deadline);
    }
    return true;
  }

  /// Lets what is going on go on.
  void pass(double seconds) {
    wait_for(seconds, [] { return false; });
  }

  void add_error(std::string text);

  bool failed() const {
    return failed_;
  }

  connection& at(std::size_t index) {
    return *connections_[index];
  }

  const options& what_;
  poller poll_;
  process_usage server_;
  measurement measured_{server_};
  /// Whether nothing new is to be begun.
  bool finishing_ = false;

  /// Seconds after the end in which all that is under way has to arrive.
  static constexpr double patience = 5;

private:
  clock::time_point after(double seconds);

  void open_next();

  /// One for each token.
  std::vector<endpoint> to_;
  std::vector<std::unique_ptr<connection>> connections_;
  /// While all are opened: how many were begun, and how many are open.
  std::size_t begun_ = 0;
  std::size_t open_ = 0;
  /// Whether a connection has failed, which ends the run.
  bool failed_ = false;
  std::uint64_t errors_ = 0;
  std::string first_error_;
};

} // namespace flamigo::load
