#pragma once

/// Several programs that share their bus. Link `flamigo::cluster`.

#include "flamigo/cluster/cluster_lease.hpp"
#include "flamigo/cluster/cluster_node.hpp"
#include "flamigo/cluster/cluster_options.hpp"
#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/cluster/cluster_traffic.hpp"
#include "flamigo/cluster/journal_status.hpp"
#include "flamigo/cluster/lease_options.hpp"
