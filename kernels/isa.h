#pragma once

/// The CPU kernels are compiled once for each instruction set and one set is chosen at run time (see
/// cpu/instruction_set.h). All code of a compilation lives in a namespace of its own, WEFT_ISA, so that the
/// linker can never put a function made for a newer processor in the place of one made for an older.
#ifndef WEFT_ISA
#define WEFT_ISA portable
#endif

/// For functions that host and device share.
#ifdef __CUDACC__
#define WEFT_HD __host__ __device__
#else
#define WEFT_HD
#endif

/// WEFT_INDEPENDENT: the loop that follows carries nothing from one turn to the next; its operands are the
/// same memory or don't overlap. WEFT_UNROLL: its few turns are written out, so that what they index stays in
/// registers.
#if defined(__clang__)
#define WEFT_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define WEFT_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define WEFT_INDEPENDENT _Pragma("GCC ivdep")
#define WEFT_UNROLL _Pragma("GCC unroll 16")
#else
#define WEFT_INDEPENDENT
#define WEFT_UNROLL
#endif
