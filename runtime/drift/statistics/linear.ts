/**
 * Solves a system of linear equations by elimination with partial pivoting. `matrix` holds rows, and is overwritten, as is
 * `right`, which becomes the solution.
 */
export function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let column = 0; column < size; column++) {
    swap(matrix, right, column, pivotOf(matrix, column));
    const pivot = matrix[column];
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row][column] / pivot[column];
      for (let rest = column; rest < size; rest++) {
        matrix[row][rest] -= factor * pivot[rest];
      }
      right[row] -= factor * right[column];
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let column = row + 1; column < size; column++) {
      right[row] -= matrix[row][column] * right[column];
    }
    right[row] /= matrix[row][row];
  }
  return right;
}

function pivotOf(matrix: readonly Float64Array[], column: number): number {
  let pivot = column;
  for (let row = column + 1; row < matrix.length; row++) {
    pivot = Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column]) ? row : pivot;
  }
  return pivot;
}

function swap(matrix: Float64Array[], right: Float64Array, one: number, other: number): void {
  [matrix[one], matrix[other]] = [matrix[other], matrix[one]];
  [right[one], right[other]] = [right[other], right[one]];
}
