#include "flamigo/cluster/detail/cluster_figures.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/metrics/detail/metric_text.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::contains;

namespace {

std::string page_of(const cluster_status& what) {
  detail::metric_text result;
  detail::write_cluster(result, what);
  return result.take();
}

cluster_peer peer(std::string id, std::string name) {
  cluster_peer result;
  result.id = std::move(id);
  result.name = std::move(name);
  result.wishes = 2;
  result.dropped = 3;
  result.lost = 4;
  result.connections = 5;
  return result;
}

} // namespace

TEST_CASE("the page says how a node stands among the others") {
  cluster_status status;
  status.connected = true;
  status.reconnects = 1;
  status.wishes = 7;
  status.unknown_types = 8;
  status.dropped = 9;
  status.lost = 10;
  status.gaps = 11;
  status.lag = std::chrono::milliseconds{1'500};
  status.traffic = {12, 13, 14, 15, 16};
  status.peers = {peer("a", "one")};
  auto page = page_of(status);
  for (auto* line :
       {"connected 1", "reconnects_total 1", "peers 1", "interest 7",
        "unknown_events_total 8", "dropped_frames_total 9",
        "lost_frames_total 10", "gaps_total 11", "lag_seconds 1.5",
        "sent_frames_total 12", "sent_bytes_total 13",
        "received_frames_total 14", "received_bytes_total 15",
        "backlog_bytes 16", "peer_interest{peer=\"one\"} 2",
        "peer_dropped_frames_total{peer=\"one\"} 3",
        "peer_lost_frames_total{peer=\"one\"} 4",
        "peer_connections{peer=\"one\"} 5"}) {
    CAPTURE(line);
    CHECK(contains(page, "\nflamigo_cluster_" + std::string{line} + "\n"));
  }
}

TEST_CASE("nodes of one name are one to the page") {
  cluster_status status;
  status.peers = {peer("a", "one"), peer("b", "one"), peer("c", "two")};
  auto page = page_of(status);
  CHECK(contains(page, "\nflamigo_cluster_peers 3\n"));
  CHECK(contains(page, "_peer_interest{peer=\"one\"} 4\n"));
  CHECK(contains(page, "_peer_interest{peer=\"two\"} 2\n"));
}

TEST_CASE("of the journal the page speaks where there is one") {
  cluster_status status;
  CHECK_FALSE(contains(page_of(status), "journal"));
  status.journal = journal_status{"", 17, 18};
  auto page = page_of(status);
  CHECK(contains(page, "\nflamigo_cluster_journal_ready 1\n"));
  CHECK(contains(page, "\nflamigo_cluster_journal_waiting_events 17\n"));
  CHECK(contains(page, "\nflamigo_cluster_journal_position 18\n"));
  status.journal->reason = "the server is away";
  CHECK(contains(page_of(status), "\nflamigo_cluster_journal_ready 0\n"));
}
