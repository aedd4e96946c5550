#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "findings.hpp"
#include "latecomer.hpp"
#include "options.hpp"
#include "resident.hpp"
#include "server/server_report.hpp"
#include "server_process.hpp"
#include "stage.hpp"
#include "torment.hpp"
#include "visitor.hpp"

namespace flamigo::soak {

/// One life of a server, from its start to SIGTERM and its end.
class life {
public:
  /// `number` counts from 0. All must outlive it.
  life(const options& what, unsigned number, findings& broken, tally& done);

  /// Lives it. Throws `std::runtime_error` if that cannot be: the server does
  /// not start. What it does wrong goes to the findings.
  void live();

  /// A line for the summary.
  const std::string& summary() const {
    return summary_;
  }

private:
  static constexpr std::uint64_t mib = 1024 * 1024;

  /// Thrown when the process has ended by itself.
  struct server_gone {
    int status;
  };

  // -- the acts, in their order -----------------------------------------------

  void start();

  void settle();

  /// Guests who do no harm, so that the server has all that it needs for them.
  void rehearse();

  void play();

  void calm_down();

  void take_stock();

  void finish();

  /// Requests that are under way when the server is told to end.
  void ask_slowly();

  void check_last_words();

  // -- guests -----------------------------------------------------------------

  void invite();

  template <class T>
  std::shared_ptr<T> seat(std::shared_ptr<T> guest) {
    guests_.push_back(guest);
    guest->begin();
    return guest;
  }

  // -- what is done to the server as a whole ----------------------------------

  void calamity();

  using latecomers = std::vector<std::shared_ptr<latecomer>>;

  /// On each of the threads that there are, or nearly so.
  latecomers connect_some();

  static void speak(const latecomers& who);

  void stop_process();

  void block_thread();

  void ignore_log();

  void publish_loudly();

  void storm_of_pings();

  /// How much the residents were answered.
  std::uint64_t answers() const;

  // -- time -------------------------------------------------------------------

  /// Throws `server_gone` if it is.
  void turn();

  void turn_clients();

  void pass(clock::duration time);

  /// Waits for something; returns false if it has not come in this time, as the
  /// server has it.
  bool wait_for(clock::duration limit, const std::function<bool()>& done);

  // -- the server -------------------------------------------------------------

  server_report ask_for_report();

  void check_events();

  void check_memory();

  void check_connections();

  std::size_t residents_left() const;

  void print_log() const;

  void check_counts(const server_report& x);

  const options& what_;
  unsigned number_;
  findings& broken_;
  tally& done_;
  stage stage_;
  std::vector<torment> torments_;
  /// Those that were chosen.
  std::vector<void (life::*)()> calamities_;
  std::optional<server_process> server_;
  sockaddr_in address_{};
  load::delivery_ledger heard_;
  std::vector<std::unique_ptr<resident>> residents_;
  std::vector<std::shared_ptr<visitor>> guests_;
  /// Whether guests are invited.
  bool open_house_ = false;
  bool log_is_read_ = true;
  clock::time_point next_wave_{};
  clock::time_point next_look_{};
  std::uint64_t memory_before_ = 0;
  std::uint64_t memory_after_ = 0;
  std::uint64_t memory_peak_ = 0;
  std::size_t descriptors_before_ = 0;
  clock::duration end_took_{};
  std::string summary_;
};

} // namespace flamigo::soak
