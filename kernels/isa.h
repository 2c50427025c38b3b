#pragma once

/// The CPU kernels are compiled once for each instruction set and one set is chosen at run time (see
/// cpu/instruction_set.h). All code of a compilation lives in a namespace of its own, WEFT_ISA, so that the linker can
/// never put a function made for a newer processor in the place of one made for an older.
#ifndef WEFT_ISA
#define WEFT_ISA portable
#endif

/// For functions that host and device share.
#ifdef __CUDACC__
#define WEFT_HD __host__ __device__
#else
#define WEFT_HD
#endif

/// The loop that follows carries nothing from one turn to the next: operands are the same memory or don't overlap.
#if defined(__clang__)
#define WEFT_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define WEFT_INDEPENDENT _Pragma("GCC ivdep")
#else
#define WEFT_INDEPENDENT
#endif
